import * as v from "valibot";
import { err, ok, type Result } from "../../shared/result.ts";
import { SVID_ALGORITHMS } from "../../shared/svid.ts";
import { thumbprint } from "./jwk.ts";
import type { Ring } from "./ring.ts";
import type { Sealed } from "./seal.ts";

/** The one KV value that holds the whole ring: no two parts of it can be of different ages. */
export const RING_KEY = "ring";

/** Seconds that a KV location may answer from its cache; 30 is the least that KV takes. */
export const KV_CACHE_TTL = 30;

/** What of Workers KV a reader of the ring needs. */
export interface RingKv {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
}

const VERSION = 1;
/** A ring's numbers start at the clock and rise slower than it does; a day is room for everything. */
const SEQUENCE_AHEAD = 86_400;

const text = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/));
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const publicJwk = v.variant("kty", [
  v.strictObject({ kty: v.literal("EC"), crv: v.literal("P-256"), x: text, y: text }),
  v.strictObject({ kty: v.literal("RSA"), n: text, e: text }),
]);
const ringKey = v.pipe(
  v.strictObject({
    kid: text,
    algorithm: v.picklist(SVID_ALGORITHMS),
    publicJwk,
    secret: v.nullable(v.strictObject({ kek: text, iv: text, box: text })),
    publishAt: seconds,
    activateAt: seconds,
    signUntil: seconds,
    verifyUntil: seconds,
  }),
  v.check((key) => key.kid === thumbprint(key.publicJwk), "a kid is not its key's thumbprint"),
  v.check(
    (key) => (key.publicJwk.kty === "EC") === (key.algorithm === "ES256"),
    "a key is not of its algorithm",
  ),
);
const ring = v.strictObject({
  version: v.literal(VERSION),
  sequence: seconds,
  bundleSequence: seconds,
  rotateEverySeconds: seconds,
  keys: v.pipe(
    v.array(ringKey),
    v.minLength(1),
    v.check((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, "a kid is there twice"),
  ),
});

export function encodeRing(value: Ring<Sealed>): string {
  return JSON.stringify({ version: VERSION, ...value });
}

/** @returns the ring, or what is wrong with the text, without its values. */
export function decodeRing(value: string, now: number): Result<Ring<Sealed>, string> {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    return err("it is not JSON");
  }
  const parsed = v.safeParse(ring, json);
  if (!parsed.success) return err(problemOf(parsed.issues[0]));
  const { version: _, ...read } = parsed.output;
  if (Math.max(read.sequence, read.bundleSequence) > now + SEQUENCE_AHEAD) {
    return err("its sequence is ahead of the clock");
  }
  return ok(read);
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "ring";
  return issue.type === "check" ? issue.message : `${path} is not as this version writes it`;
}

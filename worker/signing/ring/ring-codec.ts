import { isJsonObject } from "../../../shared/json.ts";
import { object } from "../../../shared/object-shape.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { choice, list, type Shape, type ShapeProblem, shapeProblem, text } from "../../../shared/shape.ts";
import { SVID_ALGORITHMS } from "../../../shared/svid.ts";
import { type PublicJwk, thumbprint } from "./public-jwk.ts";
import type { Ring, Sealed } from "./ring.ts";

const VERSION = 1;
/** More keys than any ring has, so that a text of millions is refused by its length. */
const MAX_KEYS = 100;

/** Base64url, which ids and key material are written in. */
const word = text("base64url", (value) => (/^[A-Za-z0-9_-]+$/.test(value) ? value : undefined));
const seconds: Shape<number> = {
  read(value, at, report) {
    const good = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    if (!good) report(shapeProblem(at, "write whole seconds"));
    return good ? value : undefined;
  },
};
const ecJwk = object({ kty: choice("EC"), crv: choice("P-256"), x: word, y: word });
const rsaJwk = object({ kty: choice("RSA"), n: word, e: word });
const publicJwk: Shape<PublicJwk> = {
  read: (value, at, report) =>
    (isJsonObject(value) && value["kty"] === "EC" ? ecJwk : rsaJwk).read(value, at, report),
};
const sealed = object({ kek: word, iv: word, box: word });
const secret: Shape<Sealed | null> = {
  read: (value, at, report) => (value === null ? null : sealed.read(value, at, report)),
};
const ringShape = object({
  version: choice(VERSION),
  sequence: seconds,
  bundleSequence: seconds,
  rotateEverySeconds: seconds,
  keys: list(
    object({
      kid: word,
      algorithm: choice(...SVID_ALGORITHMS),
      publicJwk,
      secret,
      publishAt: seconds,
      activateAt: seconds,
      signUntil: seconds,
      verifyUntil: seconds,
    }),
    { max: MAX_KEYS },
  ),
});

export function encodeRing(value: Ring<Sealed>): string {
  return JSON.stringify({ version: VERSION, ...value });
}

/** @returns the ring, or what is wrong with the text, without its values. */
export function decodeRing(value: string): Result<Ring<Sealed>, string> {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    return err("it is not JSON");
  }
  const problems: ShapeProblem[] = [];
  const parsed = ringShape.read(json, [], (problem) => void problems.push(problem));
  if (parsed === undefined) {
    return err(`${problems[0]?.path.join(".") || "ring"} is not as this version writes it`);
  }
  const { version: _, ...read } = parsed;
  const broken = brokenKeys(read);
  return broken === undefined ? ok(read) : err(broken);
}

/** What no shape says: that each key is the one that its kid names, of its algorithm, and there once. */
function brokenKeys({ keys }: Ring<Sealed>): string | undefined {
  if (keys.some((key) => key.kid !== thumbprint(key.publicJwk))) return "a kid is not its key's thumbprint";
  if (keys.some((key) => (key.publicJwk.kty === "EC") !== (key.algorithm === "ES256"))) {
    return "a key is not of its algorithm";
  }
  return new Set(keys.map((key) => key.kid)).size === keys.length ? undefined : "a kid is there twice";
}

import { describe, expect, test } from "vitest";
import { createUpstreamKeys, type UpstreamKeys } from "../../worker/issuers/upstream-keys.ts";
import { UPSTREAM_COOLDOWN_SECONDS, UPSTREAM_REVALIDATE_SECONDS } from "../../worker/limits.ts";
import { createValueMac } from "../../worker/store/value-mac.ts";
import { allowedIssuer, ISSUER, publicJwk, rsaKey } from "../shared/subject-token/craft.ts";
import { DAY, HOUR } from "./profiles.ts";
import { Random } from "./random.ts";
import { Violation } from "./violation.ts";
import { START } from "./world.ts";

/** What a test replaces between our keys and the issuer's, to see whether the laws notice. */
interface Weakness {
  /** Answers from the last answer for this long. */
  readonly cachedFor?: number;
  /** KV forgets. */
  readonly forgetful?: boolean;
  /** A key that the issuer withdrew stays in its set. */
  readonly merged?: boolean;
}

const ISOLATES = 4;
const SEEDS = 3;

const mac = createValueMac({ current: Buffer.alloc(32, 1).toString("base64") }, "upstreamKeys");

/** An allowed issuer that rotates its keys, now and then without telling ahead, and is down for hours at a time. */
class RotatingIssuer {
  now = START;
  current = "key-0";
  published = ["key-0"];
  downUntil = 0;
  readonly withdrawnAt = new Map<string, number>();
  readonly #random: Random;
  readonly #weakness: Weakness;
  #keysMade = 0;
  #cached: { readonly keys: readonly string[]; readonly at: number } | undefined;

  constructor(random: Random, weakness: Weakness) {
    this.#random = random;
    this.#weakness = weakness;
  }

  /** The next key, published a day ahead or only as it begins to sign. */
  announce(): void {
    this.published = [...this.published, `key-${++this.#keysMade}`];
    if (this.#random.chance(0.5)) this.activate();
  }

  activate(): void {
    this.current = this.published.at(-1) ?? this.current;
    for (const kid of this.published.slice(0, -2)) this.withdrawnAt.set(kid, this.now);
    this.published = this.published.slice(-2);
  }

  readonly fetch = async (url: string): Promise<Response> => {
    if (this.now < this.downUntil) return new Response("down", { status: 503 });
    if (url !== `${ISSUER}/keys`) return Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
    return Response.json({ keys: this.#answer().map((kid) => publicJwk(rsaKey, { kid, alg: "RS256" })) });
  };

  #answer(): readonly string[] {
    if (this.#weakness.merged) return [...this.withdrawnAt.keys(), ...this.published];
    const { cachedFor = 0 } = this.#weakness;
    if (this.#cached === undefined || this.now - this.#cached.at >= cachedFor) {
      this.#cached = { keys: this.published, at: this.now };
    }
    return this.#cached.keys;
  }
}

/** Two weeks of one issuer. @throws Violation with the first law that does not hold. */
async function simulateUpstream(seed: number, weakness: Weakness = {}): Promise<number> {
  const random = new Random(seed);
  const issuer = new RotatingIssuer(random, weakness);
  const stored = new Map<string, string>();
  const kv = {
    get: async (key: string) => stored.get(key) ?? null,
    put: async (key: string, value: string) => {
      if (!weakness.forgetful) stored.set(key, value);
    },
  };
  const isolate = () => createUpstreamKeys({ fetch: issuer.fetch, kv, mac });
  const isolates = Array.from({ length: ISOLATES }, isolate);
  const ask = async (keys: UpstreamKeys, kid: string): Promise<boolean> => {
    const later: Promise<unknown>[] = [];
    const token = { alg: "RS256", kid };
    const key = await keys.keyFor(allowedIssuer(), token, {
      now: issuer.now,
      background: (work) => later.push(work),
    });
    await Promise.all(later);
    return key.ok;
  };

  let asked = 0;
  let nextRotation = START + DAY;
  let nextOutage = START + 2 * DAY;
  for (; issuer.now < START + 14 * DAY; issuer.now += random.between(5, 15) * 60) {
    const isUp = issuer.now >= issuer.downUntil;
    if (isUp && issuer.now >= nextRotation) {
      if (issuer.current === issuer.published.at(-1)) issuer.announce();
      else issuer.activate();
      nextRotation = issuer.now + random.between(DAY, 3 * DAY);
    }
    if (isUp && issuer.now >= nextOutage && nextRotation - issuer.now > 3 * HOUR) {
      // Every isolate's keys are fresh at the beginning of an outage, and an issuer that is down does not rotate.
      for (const keys of isolates) await ask(keys, issuer.current);
      issuer.now += HOUR;
      for (const keys of isolates) await ask(keys, issuer.current);
      issuer.downUntil = issuer.now + random.between(HOUR, 20 * HOUR);
      nextOutage = issuer.downUntil + random.between(DAY, 3 * DAY);
    }
    const at = random.between(0, ISOLATES - 1);
    if (random.chance(0.05)) isolates[at] = isolate();
    const keys = isolates[at] ?? isolate();
    asked++;
    if (!(await ask(keys, issuer.current))) await mustRecover(issuer, () => ask(keys, issuer.current));
    await mustForget(issuer, (kid) => ask(keys, kid));
  }
  return asked;
}

async function mustRecover(issuer: RotatingIssuer, again: () => Promise<boolean>): Promise<void> {
  if (issuer.now < issuer.downUntil) throw new Violation("known keys outlive an outage", issuer.current);
  issuer.now += UPSTREAM_COOLDOWN_SECONDS;
  if (!(await again())) throw new Violation("a new key is known within a minute", issuer.current);
}

async function mustForget(issuer: RotatingIssuer, ask: (kid: string) => Promise<boolean>): Promise<void> {
  const bound = UPSTREAM_REVALIDATE_SECONDS + UPSTREAM_COOLDOWN_SECONDS;
  if (issuer.now < issuer.downUntil + bound) return;
  for (const [kid, at] of issuer.withdrawnAt) {
    if (issuer.now - at < bound || issuer.now - at > DAY) continue;
    if (await ask(kid)) throw new Violation("a withdrawn key is gone within an hour", kid);
  }
}

async function firstLaw(weakness: Weakness): Promise<string | undefined> {
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      await simulateUpstream(seed, weakness);
    } catch (error) {
      if (error instanceof Violation) return error.law;
      throw error;
    }
  }
  return undefined;
}

describe("our copies of an issuer's keys follow its rotations and outlive its outages", () => {
  test("through weeks of both", { timeout: 120_000 }, async () => {
    for (let seed = 0; seed < SEEDS; seed++) expect(await simulateUpstream(seed)).toBeGreaterThan(700);
  });

  test.each([
    [{ cachedFor: HOUR }, "a new key is known within a minute"],
    [{ forgetful: true }, "known keys outlive an outage"],
    [{ merged: true }, "a withdrawn key is gone within an hour"],
  ] as const)("with %o a law breaks", { timeout: 120_000 }, async (weakness, law) => {
    expect(await firstLaw(weakness)).toBe(law);
  });
});

import { describe, expect, test } from "vitest";
import { ok } from "../../shared/result.ts";
import { AT_THE_BOUNDS, DAY, HOUR, SHORTEST } from "./profiles.ts";
import { HABITS } from "./relying-parties.ts";
import type { Scenario } from "./scenario.ts";
import { simulate } from "./simulation.ts";
import { Violation } from "./violation.ts";

/** Seeds within which a weakness must show; the same seeds pass without it. */
const SEEDS = 12;

const SOUND: Scenario = { rotateEvery: SHORTEST, duration: 6 * DAY, timing: AT_THE_BOUNDS, cron: "worst" };
const REVOKING: Scenario = { ...SOUND, incidents: ["revocation"] };
const REFETCHING = HABITS.filter(({ refetchAfter }) => refetchAfter !== undefined);

interface Inequality {
  readonly says: string;
  readonly sound: Scenario;
  readonly weakened: (sound: Scenario) => Scenario;
  /** The law that the weakness breaks. */
  readonly breaks: string;
}

let reads = 0;

/** What keeps the laws, one by one. Without any of them the simulation must find a failure: this shows that it bites. */
const INEQUALITIES: readonly Inequality[] = [
  {
    says: "publication to use takes the KV delay, the copies, max-age and a relying party's refresh",
    sound: REVOKING,
    weakened: (sound) => ({
      ...sound,
      weakness: { keeper: { relyingPartyRefresh: 0, preferredPublicationInterval: 0 } },
    }),
    breaks: "valid until it expires",
  },
  {
    says: "every location has seen a ring before its new key signs",
    sound: { ...REVOKING, nature: { maxAge: 0 }, habits: REFETCHING },
    weakened: (sound) => ({
      ...sound,
      weakness: {
        keeper: {
          kvDelay: 0,
          staleAfter: 0,
          maxAge: 0,
          relyingPartyRefresh: 0,
          refetchCooldown: 0,
          refreshHint: 0,
          preferredPublicationInterval: 0,
        },
      },
    }),
    breaks: "valid until it expires",
  },
  {
    says: "a key may sign until its successor is in use everywhere",
    sound: SOUND,
    weakened: (sound) => ({ ...sound, weakness: { keeper: { signingDelay: 0 } } }),
    breaks: "no stray",
  },
  {
    says: "the end of a key leaves room for the longest SVID, so that its lifetime is never cut",
    sound: SOUND,
    weakened: (sound) => ({
      ...sound,
      weakness: { keeper: { maxTtl: 60, preferredRetireInterval: 0, signingDelay: 60 } },
    }),
    breaks: "full lifetime",
  },
  {
    says: "a key is published until no SVID of it is valid",
    sound: SOUND,
    weakened: (sound) => ({
      ...sound,
      // A key is removed with the second run after its end, which covers an SVID of an hour.
      nature: { maxTtl: 4 * HOUR },
      weakness: {
        keeper: { maxTtl: 60, preferredRetireInterval: 0, signingDelay: 60 },
        uncappedExpiry: true,
      },
    }),
    breaks: "valid until it expires",
  },
  {
    says: "a key is made early enough for missed and late cron runs",
    sound: SOUND,
    weakened: (sound) => ({
      ...sound,
      weakness: { keeper: { missedCrons: 0, cronLateness: 0, preferredPublishSafety: HOUR } },
    }),
    breaks: "ready standby",
  },
  {
    says: "max-age is part of the publication interval",
    sound: REVOKING,
    weakened: (sound) => ({ ...sound, nature: { maxAge: 12 * HOUR } }),
    breaks: "valid until it expires",
  },
  {
    says: "there always is a standby that everyone knows",
    sound: SOUND,
    weakened: (sound) => ({
      ...sound,
      weakness: { keeper: { preferredPublishSafety: -AT_THE_BOUNDS.preferredPublicationInterval } },
    }),
    breaks: "ready standby",
  },
  {
    says: "an isolate never goes back to an older ring",
    sound: SOUND,
    weakened: (sound) => ({
      ...sound,
      weakness: {
        reader: (ports) => ({
          ...ports,
          decode: (text) => {
            const ring = ports.decode(text);
            return ring.ok ? ok({ ...ring.value, sequence: ++reads }) : ring;
          },
          importKey: async () => ok({} as CryptoKey),
        }),
      },
    }),
    breaks: "sequence rises",
  },
  {
    says: "a ring that the keeper did not write is not taken",
    sound: { ...SOUND, incidents: ["forgery"] },
    weakened: (sound) => ({
      ...sound,
      weakness: {
        reader: (ports) => ({ ...ports, openCopy: async (copy) => ok(copy.split("\n").at(-1) ?? "") }),
      },
    }),
    breaks: "nothing forged",
  },
  {
    says: "the keeper does nothing by clocks that differ",
    sound: { ...SOUND, incidents: ["keeperClock"] },
    weakened: (sound) => ({ ...sound, weakness: { keeper: { clockTolerance: Number.POSITIVE_INFINITY } } }),
    breaks: "always signs",
  },
  {
    says: "after a jump the keeper erases and removes nothing until the clocks have gone on for a day",
    sound: { ...SOUND, incidents: ["mistimedRun", "allClocks"] },
    weakened: (sound) => ({ ...sound, weakness: { keeper: { clockSettling: Number.NEGATIVE_INFINITY } } }),
    breaks: "valid until it expires",
  },
  {
    says: "a new sealing key seals only when every Worker has it",
    sound: { ...SOUND, incidents: ["sealingKey"] },
    weakened: (sound) => ({ ...sound, weakness: { keeper: { deploymentDelay: 0 } } }),
    breaks: "always signs",
  },
  {
    says: "a reader for whom KV has no ring asks the keeper",
    sound: SOUND,
    weakened: (sound) => ({
      ...sound,
      weakness: {
        reader: (ports) => ({ ...ports, askKeeper: () => Promise.reject(new Error("never asked")) }),
      },
    }),
    breaks: "always publishes",
  },
  {
    says: "every reader leaves out what the trust document revokes",
    sound: REVOKING,
    weakened: (sound) => ({
      ...sound,
      weakness: { settings: (settings) => ({ ...settings, revoked: new Set() }) },
    }),
    breaks: "revoked is gone",
  },
];

/** Several weaknesses start from one sound scenario, which passes once for all. */
const passed = new Set<Scenario>();

describe.each(INEQUALITIES)("$says", ({ sound, weakened, breaks }) => {
  test("with it, every seed passes", { timeout: 300_000 }, async () => {
    if (passed.has(sound)) return;
    for (let seed = 0; seed < SEEDS; seed++) await simulate(seed, sound);
    passed.add(sound);
  });

  test("without it, a seed fails, and says which", { timeout: 300_000 }, async () => {
    const found = await firstViolation(weakened(sound));
    expect(found?.law).toBe(breaks);
    expect(found?.message).toMatch(/\(seed \d+, \d+ s in\)$/);
  });
});

async function firstViolation(scenario: Scenario): Promise<Violation | undefined> {
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      await simulate(seed, scenario);
    } catch (error) {
      if (error instanceof Violation) return error;
      throw error;
    }
  }
  return undefined;
}

import { describe, expect, test } from "vitest";
import { minPublicationInterval, rolloverIntervals, TIMING } from "../../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../../shared/svid.ts";
import { sureTime } from "../../../../worker/signing/ring/plan-rules.ts";
import { publishedKeys, publishedSequence } from "../../../../worker/signing/ring/published-keys.ts";
import type { KeySettings, KeyTimes, Ring } from "../../../../worker/signing/ring/ring.ts";
import { emptyRing, fillPlan, planRing } from "../../../../worker/signing/ring/ring-plan.ts";
import { signingKey } from "../../../../worker/signing/ring/signing-key.ts";
import { DAY, HOUR, SETTINGS, START } from "../deployment.ts";

const NONE: ReadonlySet<string> = new Set();
const READY_AFTER = minPublicationInterval(TIMING);
const ONE: KeySettings = { ...SETTINGS, algorithms: ["ES256"] };
const INTERVALS = rolloverIntervals(SETTINGS.rotateEverySeconds);

let made = 0;

/** Plans the ring and fills the plan with keys that are names: "ES256-1", "ES256-2" … */
function at(ring: Ring<string>, now: number, settings: KeySettings = ONE): Promise<Ring<string>> {
  return fillPlan<string>(planRing(ring, sureTime(now), settings), async ({ algorithm }) => {
    const name = `${algorithm}-${++made}`;
    return { kid: name, publicJwk: { kty: "RSA", n: name, e: "AQAB" }, secret: name };
  });
}

function first(settings: KeySettings = ONE): Promise<Ring<string>> {
  made = 0;
  return at(emptyRing(START), START, settings);
}

const kids = (ring: Ring<string>): string[] => ring.keys.map(({ kid }) => kid);
const signs = (ring: Ring<string>, now: number, out = NONE, algorithm: SvidAlgorithm = "ES256") =>
  signingKey(ring, algorithm, now, out, READY_AFTER)?.kid;

/** Cron, hourly, from one instant to another. */
async function through(
  ring: Ring<string>,
  from: number,
  to: number,
  settings: KeySettings = ONE,
): Promise<Ring<string>> {
  let next = ring;
  for (let now = from; now <= to; now += HOUR) next = await at(next, now, settings);
  return next;
}

describe("the life of a key", () => {
  test("a new ring has an active key and a standby for each algorithm", async () => {
    const ring = await first(SETTINGS);
    expect(kids(ring)).toEqual(["ES256-1", "ES256-2", "RS256-3", "RS256-4"]);
    expect(signs(ring, START)).toBe("ES256-1");
    expect(signs(ring, START, NONE, "RS256")).toBe("RS256-3");
  });

  test("the first key signs by slow clocks too", async () => {
    expect(signs(await first(), START - TIMING.clockSkew)).toBe("ES256-1");
  });

  test("the standby takes over by time alone, with no write", async () => {
    const ring = await first();
    const start = ring.keys[1]?.activateAt ?? 0;
    expect(signs(ring, start - 1)).toBe("ES256-1");
    expect(signs(ring, start)).toBe("ES256-2");
  });

  test("each key is published a publication interval and a publish safety before it signs", async () => {
    const ring = await through(await first(), START, START + 30 * DAY);
    const later = ring.keys.filter(({ publishAt }) => publishAt > START);
    expect(later.length).toBeGreaterThan(0);
    for (const key of later) {
      const ahead = key.activateAt - key.publishAt;
      expect(ahead).toBeGreaterThanOrEqual(INTERVALS.publicationInterval + INTERVALS.publishSafety - HOUR);
    }
  });

  test("in the default rotation it is published 3 days and 1 hour before its predecessor signs", async () => {
    const ring = await through(await first(), START, START + 30 * DAY);
    const [predecessor, successor] = ring.keys.slice(-2);
    const ahead = (predecessor?.activateAt ?? 0) - (successor?.publishAt ?? 0);
    expect(ahead).toBeGreaterThan(73 * HOUR - HOUR);
    expect(ahead).toBeLessThanOrEqual(73 * HOUR);
  });

  test("a retired key loses its private half an hour after its successor's start, its public half a day later", async () => {
    const ring = await through(await first(), START, START + 5 * DAY);
    const [old, next] = ring.keys;
    const end = (next?.activateAt ?? 0) + HOUR;
    expect(old).toMatchObject({ secret: "ES256-1", signUntil: end, verifyUntil: end + DAY });
    const erased = await at(ring, end);
    expect(erased.keys[0]).toMatchObject({ kid: "ES256-1", secret: null });
    expect(kids(await at(erased, end + DAY - 1))).toContain("ES256-1");
    expect(kids(await at(erased, end + DAY))).not.toContain("ES256-1");
  });

  test("there are never more than three keys of an algorithm in the default rotation", async () => {
    let ring = await first();
    for (let now = START; now < START + 60 * DAY; now += HOUR) {
      ring = await at(ring, now);
      expect(ring.keys.length).toBeLessThanOrEqual(3);
    }
  });

  test("without cron the standby takes over, then signs for a month beyond its rotation, and not longer", async () => {
    const ring = await first();
    const end = (ring.keys[1]?.activateAt ?? 0) + 37 * DAY;
    expect(signs(ring, end - 1)).toBe("ES256-2");
    expect(signs(ring, end)).toBeUndefined();
  });

  test("when cron comes back after that, a new key signs at once", async () => {
    const ring = await first();
    const now = START + 60 * DAY;
    expect(signs(await at(ring, now), now)).toBe("ES256-3");
  });
});

describe("a run is idempotent", () => {
  test("a run with nothing to do returns the very ring", async () => {
    const ring = await first(SETTINGS);
    expect(await at(ring, START + HOUR, SETTINGS)).toBe(ring);
  });

  test.each([1, 3, 24, 70])("%i runs missed make no difference in the end", async (missed) => {
    const steady = await through(await first(), START, START + 30 * DAY);
    made = 0;
    let ring = await first();
    for (let now = START, run = 0; now <= START + 30 * DAY; now += HOUR, run++) {
      if (run % (missed + 1) === missed || now === START + 30 * DAY) ring = await at(ring, now);
    }
    expect(signs(ring, START + 30 * DAY)).toBe(signs(steady, START + 30 * DAY));
    expect(ring.keys.map(({ activateAt }) => activateAt)).toEqual(
      steady.keys.map(({ activateAt }) => activateAt),
    );
  });

  test("a doubled run changes nothing", async () => {
    const now = START + 5 * DAY;
    const ring = await at(await first(), now);
    expect(await at(ring, now)).toBe(ring);
  });

  test("filling asks for one key for each vacancy, with its algorithm, and for none where nothing is to be done", async () => {
    const asked: string[] = [];
    const fill = (ring: Ring<string>, now: number): Promise<Ring<string>> =>
      fillPlan<string>(planRing(ring, sureTime(now), SETTINGS), async ({ algorithm }) => {
        const kid = String(asked.push(algorithm));
        return { kid, publicJwk: { kty: "RSA", n: kid, e: "AQAB" }, secret: kid };
      });
    const ring = await fill(emptyRing(START), START);
    expect(asked).toEqual(["ES256", "ES256", "RS256", "RS256"]);
    expect(ring.keys.map(({ algorithm }) => algorithm)).toEqual(asked);
    expect(await fill(ring, START)).toBe(ring);
    expect(asked).toHaveLength(4);
  });

  test("a plan has each key and vacancy with the times that the filled ring has", async () => {
    const ring = await through(await first(SETTINGS), START, START + 4 * DAY, SETTINGS);
    const revoking = { ...SETTINGS, revoked: new Set(["ES256-1"]) };
    const plan = planRing(ring, sureTime(START + 4 * DAY), revoking);
    const times = ({
      algorithm,
      publishAt,
      activateAt,
      signUntil,
      verifyUntil,
    }: KeyTimes & { algorithm: string }) => [algorithm, publishAt, activateAt, signUntil, verifyUntil];
    expect(plan.vacancies.length).toBeGreaterThan(0);
    const filled = await at(ring, START + 4 * DAY, revoking);
    expect(filled.keys.map(times)).toEqual(plan.places.map(times));
  });
});

describe("revocation", () => {
  const revoking = (kid: string): KeySettings => ({ ...ONE, revoked: new Set([kid]) });

  test("the ready standby signs at once, before the ring is written again", async () => {
    const ring = await first();
    const now = START + 2 * DAY;
    expect(signs(ring, now, new Set(["ES256-1"]))).toBe("ES256-2");
    expect(publishedKeys(ring, new Set(["ES256-1"])).map(({ kid }) => kid)).toEqual(["ES256-2"]);
  });

  test("the keeper drops the key, promotes the standby and makes two new ones, the first to sign after one publication interval", async () => {
    const now = START + 2 * DAY;
    const ring = await at(await first(), now, revoking("ES256-1"));
    expect(kids(ring)).toEqual(["ES256-2", "ES256-3", "ES256-4"]);
    expect(signs(ring, now - TIMING.clockSkew)).toBe("ES256-2");
    expect(ring.keys[1]?.activateAt).toBe(now + INTERVALS.publicationInterval);
  });

  test("a rotation with an older document does not bring the key back", async () => {
    const now = START + 2 * DAY;
    const ring = await at(await first(), now, revoking("ES256-1"));
    expect(kids(await at(ring, now + HOUR, ONE))).not.toContain("ES256-1");
  });

  test("where every key is revoked, a new one signs at once", async () => {
    const now = START + 2 * DAY;
    const all = { ...ONE, revoked: new Set(["ES256-1", "ES256-2"]) };
    const ring = await at(await first(), now, all);
    expect(signs(ring, now)).toBe("ES256-3");
  });

  test("a revoked standby or retired key is gone as well", async () => {
    const now = START + 2 * DAY;
    expect(kids(await at(await first(), now, revoking("ES256-2")))).not.toContain("ES256-2");
  });

  test("the bundle's sequence is the same whether a reader or the keeper left the key out", async () => {
    const revoked = new Set(["ES256-2"]);
    const ring = await through(await first(), START, START + 5 * DAY);
    const withdrawn = ring.keys.filter(({ kid }) => kid !== "ES256-2");
    expect(publishedKeys(ring, revoked)).toEqual(withdrawn);
    expect(publishedSequence(ring, revoked)).toBe(publishedSequence(ring, NONE) + 1);
    const next = await at(ring, START + 5 * DAY, { ...ONE, revoked });
    expect(publishedSequence(next, revoked)).toBeGreaterThan(publishedSequence(ring, revoked));
  });
});

describe("the bundle's sequence", () => {
  test("changes exactly when the set of kids does", async () => {
    let ring = await first(SETTINGS);
    let changes = 0;
    for (let now = START; now < START + 40 * DAY; now += HOUR) {
      const next = await at(ring, now, SETTINGS);
      const sameKids = kids(next).sort().join() === kids(ring).sort().join();
      expect(next.bundleSequence === ring.bundleSequence).toBe(sameKids);
      expect(next.bundleSequence).toBeGreaterThanOrEqual(ring.bundleSequence);
      if (!sameKids) changes++;
      ring = next;
    }
    expect(changes).toBeGreaterThan(8);
  });
});

describe("a change of settings", () => {
  test.each([5 * HOUR, DAY, 30 * DAY, 90 * DAY])(
    "rotateEvery of %i s: what signs goes on, and all stays in order",
    async (to) => {
      const now = START + 3 * DAY;
      const ring = await at(await first(), now, { ...ONE, rotateEverySeconds: to });
      expect(signs(ring, now)).toBe("ES256-1");
      const intervals = rolloverIntervals(to);
      const [active, standby] = ring.keys;
      expect(standby?.activateAt).toBeGreaterThanOrEqual(
        Math.min(now + intervals.publicationInterval + intervals.publishSafety, START + 7 * DAY),
      );
      expect(active?.signUntil).toBe((standby?.activateAt ?? 0) + intervals.signingDelay);
    },
  );

  test("a new algorithm is published first, and signs after one publication interval", async () => {
    const now = START + DAY;
    const ring = await at(await first(), now, SETTINGS);
    expect(kids(ring).filter((kid) => kid.startsWith("RS256"))).toHaveLength(2);
    expect(signs(ring, now, NONE, "RS256")).toBeUndefined();
    expect(signs(ring, now + INTERVALS.publicationInterval, NONE, "RS256")).toBe("RS256-3");
  });

  test("an algorithm that leaves ends with its rotation: no successor, and its last SVIDs stay valid", async () => {
    const ring = await through(await first(SETTINGS), START, START + 6 * DAY, SETTINGS);
    const rest = await through(ring, START + 6 * DAY, START + 30 * DAY, ONE);
    expect(kids(rest).some((kid) => kid.startsWith("RS256"))).toBe(false);
    const soon = await at(ring, START + 6 * DAY, ONE);
    expect(signs(soon, START + 6 * DAY, NONE, "RS256")).toBe("RS256-3");
  });

  test("an algorithm that comes back within the hour goes on as if nothing had been", async () => {
    const ring = await first(SETTINGS);
    const back = await at(await at(ring, START + DAY, ONE), START + DAY + HOUR, SETTINGS);
    expect(kids(back)).toEqual(kids(ring));
    expect(signs(back, START + DAY + HOUR, NONE, "RS256")).toBe("RS256-3");
  });
});

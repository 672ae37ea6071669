import { describe, expect, test } from "vitest";
import { DAY, deployment, HOUR, START } from "../deployment.ts";
import { codes, healthOf, NOW, ONE, publishes, ringOf, running, signs, type World } from "../running.ts";

const MINUTE = 60;
const YEAR = 365 * DAY;
const JUMPS = [10 * MINUTE, 2 * HOUR, DAY, 8 * DAY + HOUR, 50 * DAY, YEAR];
const BOTH_WAYS = JUMPS.flatMap((seconds) => [seconds, -seconds]);

const kidsOf = (world: World): string[] => ringOf(world).keys.map(({ kid }) => kid);

async function cron(world: World, from: number, to: number): Promise<void> {
  for (let now = from; now <= to; now += HOUR) await world.advance(ONE, now);
}

/** Whoever knows the right time: the active key signs, and every live key is published. */
async function expectUnharmed(world: World & { active: string; standby: string }, now: number) {
  const keys = world.reader();
  expect(await signs(world, keys, now)).toBe(world.active);
  expect(await publishes(world, keys, now)).toEqual(expect.arrayContaining([world.active, world.standby]));
}

describe("one run of the keeper while clocks are wrong", () => {
  test.each(BOTH_WAYS)("the caller's clock by %d s: nothing is changed", async (seconds) => {
    const world = await running();
    const before = [world.kv, world.state];
    world.keeperAhead = -seconds;
    await expect(world.advance(ONE, NOW + seconds)).rejects.toMatchObject({ code: "clocks_differ" });
    expect([world.kv, world.state]).toEqual(before);
    await expectUnharmed(world, NOW);
  });

  test.each(BOTH_WAYS)("the keeper's clock by %d s: nothing is changed", async (seconds) => {
    const world = await running();
    const before = [world.kv, world.state];
    world.keeperAhead = seconds;
    await expect(world.advance(ONE, NOW)).rejects.toMatchObject({ code: "clocks_differ" });
    expect([world.kv, world.state]).toEqual(before);
    await expectUnharmed(world, NOW);
  });

  test.each(BOTH_WAYS)(
    "both clocks by %d s: nothing is lost, and the next run undoes it",
    async (seconds) => {
      const world = await running();
      await world.advance(ONE, NOW + seconds);
      await expectUnharmed(world, NOW);
      await world.advance(ONE, NOW + HOUR);
      await expectUnharmed(world, NOW + HOUR);
      await cron(world, NOW + 2 * HOUR, NOW + 36 * HOUR);
      expect(kidsOf(world)).toEqual([world.active, world.standby]);
      expect(await healthOf(world, world.reader(), NOW + 36 * HOUR)).toMatchObject({
        status: "ok",
        problems: [],
      });
    },
  );

  test("a reader with a wrong clock gets the ring as it is, and makes the keeper change nothing", async () => {
    const world = await running();
    const before = world.kv;
    for (const seconds of [50 * DAY, YEAR, -YEAR]) {
      world.keeperAhead = -seconds;
      expect(await world.ring(ONE, NOW + seconds)).toBe(world.state?.published);
      expect(world.kv).toBe(before);
    }
  });

  test("a reader whom the keeper's own wrong clock would leave without a signer gets one", async () => {
    const world = await running();
    world.keeperAhead = YEAR;
    const settings = { ...ONE, revoked: new Set([world.active, world.standby]) };
    const signer = await signs(world, world.reader(), NOW, settings);
    expect(kidsOf(world)).toContain(signer);
  });
});

describe("a jump that is the truth", () => {
  test("cron was dead for weeks: a standby is made at once, and a day later the dead keys are gone", async () => {
    const world = await running();
    const later = START + 30 * DAY;
    await world.advance(ONE, later);
    expect(kidsOf(world)).toEqual(expect.arrayContaining([world.active, world.standby]));
    expect(codes(await healthOf(world, world.reader(), later))).not.toContain("no_standby");
    await cron(world, later + HOUR, later + 2 * DAY);
    expect(kidsOf(world)).not.toContain(world.active);
    expect((await healthOf(world, world.reader(), later + 2 * DAY)).problems).toEqual([]);
  });

  test("cron was dead until no key could sign: the first reader gets a new key, and no key is lost before a day", async () => {
    const world = await running();
    const later = START + 90 * DAY;
    const signer = await signs(world, world.reader(), later);
    expect(kidsOf(world)).toContain(signer);
    expect(kidsOf(world)).toEqual(expect.arrayContaining([world.active, world.standby]));
    await cron(world, later, later + 3 * DAY);
    expect(kidsOf(world)).not.toContain(world.standby);
  });

  test("without any cron, keys that died long ago do not pile up", async () => {
    const world = await running();
    for (let now = START + 90 * DAY; now < START + 5 * YEAR; now += 90 * DAY) {
      expect(await signs(world, world.reader(), now)).not.toBe("signing_keys_unavailable");
    }
    expect(kidsOf(world).length).toBeLessThanOrEqual(6);
  });

  test("a new rotation waits until nothing has spoken against the clocks for a day", async () => {
    const world = await running();
    const settings = { ...ONE, rotateEverySeconds: 2 * DAY };
    await world.advance(settings, NOW + 8 * DAY);
    expect(ringOf(world).rotateEverySeconds).toBe(ONE.rotateEverySeconds);
    for (let now = NOW + HOUR; now <= NOW + 26 * HOUR; now += HOUR) await world.advance(settings, now);
    expect(ringOf(world).rotateEverySeconds).toBe(2 * DAY);
  });
});

describe("a ring whose keys all lie in the future", () => {
  test.each(JUMPS)("was made by clocks %d s ahead: it heals at once by the right clocks", async (seconds) => {
    const world = deployment();
    await world.advance(ONE, START + seconds);
    const misdated = kidsOf(world);
    const signer = await signs(world, world.reader(), START);
    expect(misdated).not.toContain(signer);
    await cron(world, START + HOUR, START + 3 * DAY);
    expect(kidsOf(world).some((kid) => misdated.includes(kid))).toBe(seconds <= DAY);
    expect((await healthOf(world, world.reader(), START + 3 * DAY)).problems).toEqual([]);
  });

  test("lost the one that should sign: a new one signs at once, and the standby keeps its turn", async () => {
    const world = await running();
    const state = world.state;
    if (state?.published == null) throw new Error("the keeper has a ring");
    const ring = JSON.parse(state.published);
    world.state = { ...state, published: JSON.stringify({ ...ring, keys: ring.keys.slice(1) }) };
    world.kv = null;
    const signer = await signs(world, world.reader(), NOW);
    expect(signer).not.toBe("signing_keys_unavailable");
    expect(kidsOf(world)).toEqual([signer, world.standby]);
    expect(await signs(world, world.reader(), START + 7 * DAY)).toBe(world.standby);
  });
});

describe("the sealing key", () => {
  test.each([
    ["ahead", YEAR],
    ["back", -YEAR],
  ])(
    "was changed just before both clocks jump %s: the former one seals until the hour has passed",
    async (_, seconds) => {
      const world = await running();
      const former = ringOf(world).keys[0]?.secret?.kek;
      world.secrets = { current: Buffer.alloc(32, 2).toString("base64"), previous: world.secrets.current };
      await world.advance(ONE, NOW);
      await world.advance(ONE, NOW + seconds);
      await world.advance(ONE, NOW + 59 * MINUTE);
      expect(new Set(ringOf(world).keys.map(({ secret }) => secret?.kek))).toEqual(new Set([former]));
      await world.advance(ONE, NOW + 61 * MINUTE);
      await world.advance(ONE, NOW + 2 * HOUR);
      expect(ringOf(world).keys.map(({ secret }) => secret?.kek)).not.toContain(former);
    },
  );
});

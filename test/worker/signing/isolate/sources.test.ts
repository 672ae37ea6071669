import { describe, expect, test } from "vitest";
import { DAY, HOUR, START } from "../deployment.ts";
import { codes, healthOf, NOW, ONE, publishes, ringOf, running, signs } from "../running.ts";

describe("a source fails", () => {
  test("KV is down: memory serves, and /healthz says since when", async () => {
    const world = await running();
    const keys = world.reader();
    await signs(world, keys);
    world.kvDown = true;
    expect(await signs(world, keys, NOW + 90)).toBe(world.active);
    const health = await healthOf(world, keys, NOW + 100);
    expect(health).toMatchObject({ status: "degraded", source: "kv" });
    expect(health.problems).toEqual([
      { code: "kv_unreadable", says: "KV does not answer", since: new Date((NOW + 90) * 1000).toISOString() },
    ]);
  });

  test("KV is down and nothing is in memory: the keeper serves", async () => {
    const world = await running();
    world.kvDown = true;
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.active);
    expect(await publishes(world, keys)).toEqual([world.active, world.standby]);
    expect(await healthOf(world, keys)).toMatchObject({ status: "degraded", source: "keeper" });
  });

  test("KV and the keeper are down: memory serves within each key's life, then 503", async () => {
    const world = await running();
    const keys = world.reader();
    await signs(world, keys);
    Object.assign(world, { kvDown: true, keeperDown: true });
    expect(await signs(world, keys, NOW + HOUR)).toBe(world.active);
    const health = await healthOf(world, keys, NOW + HOUR);
    expect(health.status).toBe("degraded");
    expect(codes(health)).toEqual(["ring_stale", "kv_unreadable", "keeper_unreachable"]);
    expect(await signs(world, keys, NOW + 6 * DAY)).toBe(world.standby);
    expect(await signs(world, keys, NOW + 90 * DAY)).toBe("signing_keys_unavailable");
  });

  test("nothing answers and nothing is in memory: 503 with Retry-After, and never an empty key set", async () => {
    const world = await running();
    Object.assign(world, { kvDown: true, keeperDown: true });
    const keys = world.reader();
    const signer = await keys.signer("ES256", ONE, world.at(NOW));
    expect(signer).toMatchObject({ ok: false, error: { code: "signing_keys_unavailable", retryAfter: 5 } });
    expect(await publishes(world, keys)).toBe("signing_keys_unavailable");
    const health = await healthOf(world, keys);
    expect(health.status).toBe("unavailable");
    expect(codes(health)).toEqual(["no_ring", "kv_unreadable", "keeper_unreachable"]);
  });

  test("KV lost the ring: the keeper serves, and puts it back", async () => {
    const world = await running();
    world.kv = null;
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.active);
    expect(codes(await healthOf(world, keys, NOW + 200))).toContain("kv_missing");
    await world.advance(ONE, NOW + HOUR);
    expect(ringOf(world).keys.map(({ kid }) => kid)).toContain(world.active);
  });

  test("KV holds something else: the keeper serves, and puts the ring back", async () => {
    const world = await running();
    world.kv = '{"keys":[]}';
    const keys = world.reader();
    expect(await publishes(world, keys)).toEqual([world.active, world.standby]);
    expect(codes(await healthOf(world, keys))).toEqual(["kv_unauthenticated"]);
    await world.advance(ONE, NOW + HOUR);
    expect(codes(await healthOf(world, keys, NOW + HOUR))).toEqual([]);
  });

  test.each([-2 * 60, -HOUR, -8 * DAY, -365 * DAY])(
    "the isolate's clock is set back by %d s: it reads the ring again, and no failure stays",
    async (seconds) => {
      const world = await running();
      const keys = world.reader();
      await signs(world, keys, NOW + 365 * DAY);
      const reads = world.kvReads;
      await signs(world, keys, NOW + 365 * DAY + seconds);
      expect(world.kvReads).toBe(reads + 1);
      Object.assign(world, { kvDown: true, keeperDown: true });
      const late = NOW + 365 * DAY + 2 * seconds;
      const health = await healthOf(world, keys, late);
      expect(codes(health)).toContain("ring_stale");
      Object.assign(world, { kvDown: false, keeperDown: false });
      expect(codes(await healthOf(world, keys, late + 10))).not.toContain("ring_stale");
    },
  );

  test("KV goes back to an older ring: an isolate does not, and the keeper puts the newer one back", async () => {
    const world = await running();
    const old = world.kv;
    for (let now = START + 3 * DAY; now < START + 6 * DAY; now += HOUR) await world.advance(ONE, now);
    const later = START + 6 * DAY;
    const keys = world.reader();
    const before = await publishes(world, keys, later);
    const { sequence } = ringOf(world);
    world.kv = old;
    expect(await publishes(world, keys, later + 300)).toEqual(before);
    const health = await healthOf(world, keys, later + 600);
    expect(codes(health)).toEqual(["kv_behind"]);
    expect(health.sequence).toBe(sequence);
    await world.advance(ONE, later + HOUR);
    expect(ringOf(world).sequence).toBe(sequence);
    expect(codes(await healthOf(world, keys, later + HOUR))).toEqual([]);
  });

  test("the keeper has an older ring than an isolate: /healthz does not say it of KV", async () => {
    const world = await running();
    const old = world.state;
    for (let now = START + 3 * DAY; now < START + 6 * DAY; now += HOUR) await world.advance(ONE, now);
    const keys = world.reader();
    const later = START + 6 * DAY;
    const { sequence } = await healthOf(world, keys, later);
    Object.assign(world, { state: old, kvDown: true });
    expect(await signs(world, keys, later + 300)).toBe(world.active);
    expect(world.asked).toBeGreaterThan(0);
    const health = await healthOf(world, keys, later + 600);
    expect(health.sequence).toBe(sequence);
    expect(codes(health)).toEqual(["kv_unreadable"]);
  });

  test("cron is dead: the keys go on, and /healthz says that the ring waits", async () => {
    const world = await running();
    const keys = world.reader();
    const later = START + 6 * DAY;
    expect(await signs(world, keys, later)).toBe(world.active);
    const health = await healthOf(world, keys, later);
    expect(health.status).toBe("degraded");
    expect(codes(health)).toEqual(["cron_overdue"]);
    expect(codes(await healthOf(world, keys, START + 8 * DAY))).toEqual(["no_standby", "cron_overdue"]);
    expect(await signs(world, keys, START + 8 * DAY)).toBe(world.standby);
  });

  test("KV takes no writes: readers stay with the published ring, and the keeper tries again", async () => {
    const world = await running();
    const published = world.kv;
    const ring = world.state?.published;
    world.kvRefusesWrites = true;
    const later = START + 5 * DAY;
    expect(await world.advance(ONE, later)).toMatchObject({ changed: true, copied: false });
    expect(world.kv).toBe(published);
    expect(await world.ring(ONE, later + 10)).toBe(ring);
    world.kvRefusesWrites = false;
    expect(await world.advance(ONE, later + HOUR)).toMatchObject({ copied: true });
    expect(ringOf(world).keys.at(-1)?.publishAt).toBe(later + HOUR);
  });
});

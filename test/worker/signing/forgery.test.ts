import { describe, expect, test } from "vitest";
import { jwks, spiffeBundle } from "../../../worker/signing/documents.ts";
import { generateKey } from "../../../worker/signing/keeper/generate-key.ts";
import { DAY, HOUR, KEK, START } from "./deployment.ts";
import {
  codes,
  healthOf,
  NOW,
  ONE,
  publishes,
  ringOf,
  running,
  signs,
  tamper,
  type World,
} from "./running.ts";

/** Appends a key whose private half the writer of KV has, and the keeper never had. */
async function appendKey(world: World): Promise<string> {
  const { kid, publicJwk } = await generateKey("ES256");
  const times = { publishAt: START, activateAt: START, signUntil: START, verifyUntil: START + 400 * DAY };
  const key = { kid, algorithm: "ES256", publicJwk, secret: null, ...times };
  tamper(world, (ring) => ({ ...ring, sequence: ring.sequence + 1, keys: [...ring.keys, key] }));
  return kid;
}

describe("whoever can write KV but does not know the sealing key", () => {
  test("appends a key: it is in no published document, and an operator is told", async () => {
    const world = await running();
    const warm = world.reader();
    await publishes(world, warm);
    const forged = await appendKey(world);
    for (const keys of [world.reader(), warm]) {
      const published = await keys.published(ONE, world.at(NOW + 200));
      if (!published.ok) throw new Error(published.error.code);
      expect(JSON.stringify([jwks(published.value), spiffeBundle(published.value)])).not.toContain(forged);
      expect(published.value.keys.map(({ kid }) => kid)).toEqual([world.active, world.standby]);
      const health = await healthOf(world, keys, NOW + 200);
      expect(health).toMatchObject({ status: "degraded", source: "keeper" });
      expect(health.problems).toEqual([
        {
          code: "kv_unauthenticated",
          says: "the keeper did not write the ring that KV has",
          since: new Date((NOW + 200) * 1000).toISOString(),
        },
      ]);
    }
    expect(world.refused).toEqual(["mac_invalid", "mac_invalid"]);
  });

  test("is told of once for each value that an isolate meets, and the keeper writes the value over", async () => {
    const world = await running();
    const keys = world.reader();
    await appendKey(world);
    for (let time = NOW; time < NOW + HOUR; time += 30) await publishes(world, keys, time);
    expect(world.refused).toEqual(["mac_invalid"]);
    await world.advance(ONE, NOW + HOUR);
    expect(codes(await healthOf(world, keys, NOW + HOUR))).toEqual([]);
    expect((await healthOf(world, keys, NOW + HOUR)).source).toBe("kv");
  });

  test("appends a key while the keeper is down: a cold isolate publishes nothing rather than that", async () => {
    const world = await running();
    await appendKey(world);
    world.keeperDown = true;
    const keys = world.reader();
    expect(await publishes(world, keys)).toBe("signing_keys_unavailable");
    expect(await signs(world, keys)).toBe("signing_keys_unavailable");
    expect(codes(await healthOf(world, keys))).toEqual([
      "no_ring",
      "kv_unauthenticated",
      "keeper_unreachable",
    ]);
  });

  test("deletes the MAC: the ring is not taken without one", async () => {
    const world = await running();
    world.kv = JSON.stringify(ringOf(world));
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.active);
    expect(codes(await healthOf(world, keys))).toEqual(["kv_unauthenticated"]);
    expect(world.refused).toEqual(["mac_missing"]);
  });

  test("puts an older ring back: a warm isolate keeps the newer one, and the keeper writes it again", async () => {
    const world = await running();
    const old = world.kv;
    for (let now = START + 3 * DAY; now < START + 6 * DAY; now += HOUR) await world.advance(ONE, now);
    const newest = world.kv;
    world.kv = old;
    await world.advance(ONE, START + 6 * DAY);
    expect(world.kv).toBe(newest);
  });

  test("learns nothing from the MAC: the copy holds no secret", async () => {
    const world = await running();
    expect(world.kv).not.toContain(KEK);
    expect(world.kv).not.toContain('"d":');
  });
});

import { describe, expect, test } from "vitest";
import { DAY, HOUR, KEK, OTHER_KEK, START } from "./deployment.ts";
import {
  codes,
  corrupt,
  healthOf,
  NOW,
  ONE,
  publishes,
  ringOf,
  running,
  signs,
  tamper,
  type World,
  withKey,
} from "./running.ts";

describe("a sealed key is not what it should be", () => {
  const BROKEN = { kek: "x", iv: "AAAAAAAAAAAAAAAA", box: "AAAA" };

  test.each([
    [
      "changed",
      (world: World & { active: string }) => {
        const { secret } = ringOf(world).keys[0] ?? {};
        return { secret: { ...BROKEN, kek: secret?.kek } };
      },
    ],
    ["swapped with the standby's", (world: World) => ({ secret: ringOf(world).keys[1]?.secret })],
    ["given a longer life", () => ({ signUntil: NOW + 400 * DAY })],
  ])("in KV, it is %s: the keeper's original signs, and KV is written over", async (_, change) => {
    const world = await running();
    tamper(world, (ring) => withKey(ring, world.active, change(world)));
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.active);
    expect(await healthOf(world, keys)).toMatchObject({ status: "degraded", source: "keeper" });
    const cold = world.reader();
    world.keeperDown = true;
    expect(await signs(world, cold)).toBe("signing_keys_unavailable");
    expect(await publishes(world, cold)).toBe("signing_keys_unavailable");
    world.keeperDown = false;
    await world.advance(ONE, NOW + HOUR);
    for (const reader of [cold, world.reader()])
      expect(await signs(world, reader, NOW + HOUR)).toBe(world.active);
  });

  test("it is of an older ring: the box does not open in the newer one", async () => {
    const world = await running();
    const old = ringOf(world).keys[0]?.secret;
    for (let now = START + 3 * DAY; now < START + 5 * DAY; now += HOUR) await world.advance(ONE, now);
    await corrupt(world, (ring) => withKey(ring, world.active, { secret: old }));
    world.keeperDown = true;
    const keys = world.reader();
    expect(await signs(world, keys, START + 5 * DAY)).toBe(world.standby);
    expect(codes(await healthOf(world, keys, START + 5 * DAY))).toContain("seal_broken");
  });

  test("in KV and in the keeper, it is changed: the standby signs, the key stays published, a new standby is made", async () => {
    const world = await running();
    const kek = ringOf(world).keys[0]?.secret?.kek;
    await corrupt(world, (ring) => withKey(ring, world.active, { secret: { ...BROKEN, kek } }));
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.standby);
    const broken = await healthOf(world, keys);
    expect(codes(broken)).toEqual(["seal_broken", "no_standby"]);
    expect(broken.problems).toContainEqual({
      code: "seal_broken",
      says: "a sealed key is not what the keeper sealed",
      kid: world.active,
    });
    expect(await publishes(world, keys)).toEqual([world.active, world.standby]);
    await world.advance(ONE, NOW + HOUR);
    const health = await healthOf(world, keys, NOW + HOUR);
    expect(health.status).toBe("ok");
    expect(health.keys.map(({ use }) => use)).toEqual(["retired", "signing", "standby"]);
    expect(health.keys[0]).toMatchObject({ kid: world.active, sealed_with: null });
  });

  test("in KV and in the keeper, the standby is changed: /healthz names the key that does sign next", async () => {
    const world = await running();
    const kek = ringOf(world).keys[0]?.secret?.kek;
    await corrupt(world, (ring) => withKey(ring, world.standby, { secret: { ...BROKEN, kek } }));
    await world.advance(ONE, NOW + HOUR);
    const health = await healthOf(world, world.reader(), NOW + HOUR);
    const [, lost, next] = ringOf(world).keys;
    expect(lost).toMatchObject({ kid: world.standby, secret: null });
    expect(health.algorithms.ES256?.next).toBe(next?.kid);
    expect(next?.kid).toBeDefined();
  });

  test("a forged ring of a higher sequence gives no signature, and the keeper writes it over", async () => {
    const world = await running();
    const { sequence } = ringOf(world);
    tamper(world, (ring) => ({ ...ring, sequence: sequence + 50 }));
    world.keeperDown = true;
    const keys = world.reader();
    expect(await signs(world, keys)).toBe("signing_keys_unavailable");
    expect((await healthOf(world, keys)).status).toBe("unavailable");
    world.keeperDown = false;
    await world.advance(ONE, NOW + HOUR);
    expect(ringOf(world).sequence).toBe(sequence);
    expect(await signs(world, keys, NOW + HOUR)).toBe(world.active);
  });

  test("a forged ring of a sequence beyond every clock is not taken", async () => {
    const world = await running();
    tamper(world, (ring) => ({ ...ring, sequence: 2 ** 50 }));
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.active);
    expect(codes(await healthOf(world, keys))).toEqual(["kv_unauthenticated"]);
    expect((await healthOf(world, keys)).sequence).toBeLessThan(2 ** 50);
  });

  test("a key whose kid is not its thumbprint is refused with its ring", async () => {
    const world = await running();
    const [, standby] = ringOf(world).keys;
    const { state } = world;
    await corrupt(world, (ring) => withKey(ring, world.active, { publicJwk: standby?.publicJwk }));
    world.state = state;
    const keys = world.reader();
    expect(await publishes(world, keys)).toEqual([world.active, world.standby]);
    expect(codes(await healthOf(world, keys))).toEqual(["kv_invalid"]);
  });
});

describe("the sealing key", () => {
  test("is malformed: nothing signs, and what is published goes on", async () => {
    const world = await running();
    world.secrets = { current: "c2hvcnQ=" };
    const keys = world.reader();
    expect(await signs(world, keys)).toBe("signing_keys_unavailable");
    expect(await publishes(world, keys)).toEqual([world.active, world.standby]);
    const health = await healthOf(world, keys);
    expect(health.status).toBe("unavailable");
    expect(codes(health)).toEqual(["kv_unauthenticated", "kek_invalid", "kek_invalid", "no_signer"]);
    await expect(world.advance(ONE, NOW + HOUR)).rejects.toThrow(
      "KEY_ENCRYPTION_KEY is not 32 bytes in base64",
    );
  });

  test("is malformed, under load: the keeper is not asked by every request", async () => {
    const world = await running();
    world.secrets = { current: "c2hvcnQ=" };
    const keys = world.reader();
    for (let request = 0; request < 50; request++) await signs(world, keys);
    expect(world.asked).toBe(1);
  });

  test("is another one: nothing signs, nothing is lost, and all goes on with the right one", async () => {
    const world = await running();
    const before = world.kv;
    world.secrets = { current: OTHER_KEK };
    const keys = world.reader();
    expect(await signs(world, keys)).toBe("signing_keys_unavailable");
    expect(codes(await healthOf(world, keys))).toEqual([
      "kv_unauthenticated",
      "kek_unknown",
      "kek_unknown",
      "no_signer",
    ]);
    await expect(world.advance(ONE, NOW + HOUR)).rejects.toMatchObject({ code: "kek_unknown" });
    expect(world.kv).toBe(before);
    world.secrets = { current: KEK };
    await world.advance(ONE, NOW + 2 * HOUR);
    expect(await signs(world, world.reader(), NOW + 2 * HOUR)).toBe(world.active);
  });

  test("is changed: for an hour the former one seals, then the new one, and then the former may go", async () => {
    const world = await running();
    const before = ringOf(world).keys[0]?.secret?.kek;
    const old = world.reader();
    world.secrets = { current: OTHER_KEK, previous: KEK };
    await world.advance(ONE, NOW);
    expect(ringOf(world).keys[0]?.secret?.kek).toBe(before);
    expect(await signs(world, old, NOW + 60)).toBe(world.active);
    await world.advance(ONE, NOW + HOUR);
    const after = (await healthOf(world, world.reader(), NOW + HOUR)).keys.map((key) => key.sealed_with);
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(before);
    world.secrets = { current: OTHER_KEK };
    expect(await signs(world, world.reader(), NOW + HOUR)).toBe(world.active);
    expect((await healthOf(world, world.reader(), NOW + HOUR)).status).toBe("ok");
  });

  test("is lost: revoking the keys that it sealed makes new ones under the new secret", async () => {
    const world = await running();
    world.secrets = { current: OTHER_KEK };
    const settings = { ...ONE, revoked: new Set([world.active, world.standby]) };
    await world.advance(settings, NOW);
    const signer = await signs(world, world.reader(), NOW, settings);
    expect(ringOf(world).keys.map(({ kid }) => kid)).toContain(signer);
    expect([world.active, world.standby]).not.toContain(signer);
  });
});

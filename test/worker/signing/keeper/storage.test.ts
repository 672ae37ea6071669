import { describe, expect, test } from "vitest";
import { DAY, HOUR, START } from "../deployment.ts";
import { NOW, ONE, ringOf, running, signs, tamper } from "../running.ts";

describe("the keeper's storage", () => {
  test("is lost: it starts from the copy in KV, and nothing changes for anyone", async () => {
    const world = await running();
    const before = world.kv;
    world.state = undefined;
    await world.advance(ONE, NOW);
    expect(world.kv).toBe(before);
    expect(await signs(world, world.reader())).toBe(world.active);
  });

  test("is lost while KV is down: no second ring is made", async () => {
    const world = await running();
    Object.assign(world, { state: undefined, kvDown: true });
    await expect(world.advance(ONE, NOW)).rejects.toThrow("KV GET failed");
    expect(await signs(world, world.reader())).toBe("signing_keys_unavailable");
    world.kvDown = false;
    expect(await signs(world, world.reader())).toBe(world.active);
  });

  test("is lost while KV holds something else: it fails closed until someone deletes that", async () => {
    const world = await running();
    Object.assign(world, { state: undefined, kv: "garbage" });
    await expect(world.advance(ONE, NOW)).rejects.toMatchObject({ code: "copy_invalid" });
    expect(world.kv).toBe("garbage");
    world.kv = null;
    const signer = await signs(world, world.reader());
    expect(signer).not.toBe(world.active);
    expect(ringOf(world).keys.map(({ kid }) => kid)).toContain(signer);
  });

  test("is lost while KV holds a ring that it did not write: it fails closed", async () => {
    const world = await running();
    world.state = undefined;
    tamper(world, (ring) => ({ ...ring, sequence: ring.sequence + 1 }));
    await expect(world.advance(ONE, NOW)).rejects.toMatchObject({
      code: "copy_invalid",
      message: expect.stringContaining("mac_invalid"),
    });
    world.kv = JSON.stringify(ringOf(world));
    await expect(world.advance(ONE, NOW)).rejects.toMatchObject({
      code: "copy_invalid",
      message: expect.stringContaining("mac_missing"),
    });
  });

  test("is rolled back: the newer copy in KV, which only the keeper can have written, is taken", async () => {
    const world = await running();
    const old = world.state;
    for (let now = START + 3 * DAY; now < START + 5 * DAY; now += HOUR) await world.advance(ONE, now);
    const newest = world.kv;
    const ring = world.state?.published;
    world.state = old;
    await world.advance(ONE, START + 5 * DAY);
    expect(world.state?.published).toBe(ring);
    expect(world.kv).toBe(newest);
  });
});

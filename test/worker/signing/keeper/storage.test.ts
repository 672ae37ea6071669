import { describe, expect, test } from "vitest";
import { DAY, HOUR, START } from "../deployment.ts";
import { NOW, ONE, ringOf, running, signs } from "../running.ts";

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
    world.kv = null;
    const signer = await signs(world, world.reader());
    expect(signer).not.toBe(world.active);
    expect(ringOf(world).keys.map(({ kid }) => kid)).toContain(signer);
  });

  test("is rolled back: the newer copy in KV, which only a keeper can have sealed, is taken", async () => {
    const world = await running();
    const old = world.state;
    for (let now = START + 3 * DAY; now < START + 5 * DAY; now += HOUR) await world.advance(ONE, now);
    const newest = world.kv;
    world.state = old;
    await world.advance(ONE, START + 5 * DAY);
    expect(world.state?.published).toBe(newest);
    expect(world.kv).toBe(newest);
  });
});

import { describe, expect, test } from "vitest";
import { NOW, ONE, publishes, ringOf, running, signs } from "./running.ts";

describe("a revocation", () => {
  test("from the read of the document on the key signs nothing and is not published, and the keeper replaces it", async () => {
    const world = await running();
    const keys = world.reader();
    await signs(world, keys);
    const revoking = { ...ONE, revoked: new Set([world.active]) };
    const signer = await keys.signer("ES256", revoking, world.at(NOW + 5));
    expect(signer).toMatchObject({ ok: true, value: { kid: world.standby } });
    const published = await keys.published(revoking, world.at(NOW + 5));
    expect(published.ok && published.value.keys.map(({ kid }) => kid)).toEqual([world.standby]);
    await world.settle();
    expect(world.kv).not.toContain(world.active);
    expect(JSON.stringify(world.state)).not.toContain(world.active);
    expect(ringOf(world).keys).toHaveLength(3);
  });

  test("an isolate that knows of it does not forget it for an older document", async () => {
    const world = await running();
    const keys = world.reader();
    world.keeperDown = true;
    await keys.signer("ES256", { ...ONE, revoked: new Set([world.active]) }, world.at(NOW));
    expect(await signs(world, keys, NOW + 5)).toBe(world.standby);
    expect(await publishes(world, keys, NOW + 5)).toEqual([world.standby]);
  });

  test("every key is revoked: never an empty set; the keeper makes a key on the spot", async () => {
    const world = await running();
    const keys = world.reader();
    const all = { ...ONE, revoked: new Set([world.active, world.standby]) };
    const published = await keys.published(all, world.at(NOW));
    expect(published.ok && published.value.keys.length).toBeGreaterThan(0);
    world.keeperDown = true;
    const more = new Set([...all.revoked, ...ringOf(world).keys.map(({ kid }) => kid)]);
    const none = await keys.published({ ...ONE, revoked: more }, world.at(NOW + 5));
    expect(none).toMatchObject({ ok: false, error: { code: "signing_keys_unavailable" } });
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeRing } from "../../../../worker/signing/ring/ring-codec.ts";
import { deployment, HOUR, legacyStorage, SETTINGS, START } from "../deployment.ts";
import { codes, healthOf, ringOf } from "../running.ts";

/** The ring of a deployment whose Worker made no MACs: in the keeper's storage and in KV, the same bytes. */
const LEGACY = JSON.stringify(
  JSON.parse(readFileSync("test/worker/signing/ring/ring-version-1.json", "utf8")),
);
const KIDS = JSON.parse(LEGACY).keys.map(({ kid }: { kid: string }) => kid) as string[];
const LATER = START + HOUR;

const legacy = () => Object.assign(deployment(), legacyStorage(LEGACY));
type World = ReturnType<typeof legacy>;

async function signer(world: World, keys = world.reader(), now = LATER): Promise<string> {
  const found = await keys.signer("ES256", SETTINGS, world.at(now));
  await world.settle();
  return found.ok ? found.value.kid : found.error.code;
}

describe("a Worker that makes MACs takes the place of one that made none", () => {
  test("its first isolate is served by the keeper's original, and the keeper writes KV at once", async () => {
    const world = legacy();
    const keys = world.reader();
    expect(KIDS).toContain(await signer(world, keys));
    expect(await keys.published(SETTINGS, world.at(LATER))).toMatchObject({ ok: true });
    expect(world.kv).not.toBe(LEGACY);
    expect(ringOf(world).keys.map(({ kid }) => kid)).toEqual(KIDS);
    const asked = world.asked;
    expect(KIDS).toContain(await signer(world));
    expect(world.asked).toBe(asked);
  });

  test("cron writes KV where no isolate was first", async () => {
    const world = legacy();
    expect(await world.advance(SETTINGS, LATER)).toEqual({ changed: false, copied: true, time: "sure" });
    world.keeperDown = true;
    expect(KIDS).toContain(await signer(world));
  });

  test("the window: until KV shows the new copy, a cold isolate has the keeper alone", async () => {
    const world = legacy();
    world.keeperDown = true;
    const keys = world.reader();
    expect(await signer(world, keys)).toBe("signing_keys_unavailable");
    world.keeperDown = false;
    expect(KIDS).toContain(await signer(world, keys, LATER + 5));
  });

  test("where KV takes no writes, the keeper serves, and tries once a minute", async () => {
    const world = legacy();
    let writes = 0;
    const { writeCopy } = world.ports;
    world.ports = { ...world.ports, writeCopy: (copy) => writeCopy(copy).finally(() => void writes++) };
    world.kvRefusesWrites = true;
    for (let second = 0; second < 60; second += 10) {
      expect(KIDS).toContain(await signer(world, world.reader(), LATER + second));
    }
    expect(writes).toBe(1);
    world.kvRefusesWrites = false;
    expect(KIDS).toContain(await signer(world, world.reader(), LATER + 60));
    world.keeperDown = true;
    expect(KIDS).toContain(await signer(world, world.reader(), LATER + 61));
  });
});

describe("the former Worker takes the place of this one again", () => {
  test("the keeper's storage is as that Worker wrote it, and it takes the copy in KV for no ring", async () => {
    const world = legacy();
    await world.advance(SETTINGS, LATER);
    expect(world.state?.published).toBe(LEGACY);
    expect(decodeRing(world.kv ?? "").ok).toBe(false);
  });

  test("and this one once more: it knows the copy that was written meanwhile for one without a MAC", async () => {
    const world = legacy();
    await world.advance(SETTINGS, LATER);
    if (world.state === undefined) throw new Error("the keeper keeps its state");
    // The former Worker copies the members that it does not know, and writes the ring without a MAC.
    Object.assign(world, { kv: LEGACY, state: { ...world.state, copiedAt: LATER + HOUR } });
    const keys = world.reader();
    expect(KIDS).toContain(await signer(world, keys, LATER + HOUR + 10));
    expect(codes(await healthOf(world, keys, LATER + HOUR + 75))).toEqual([]);
    expect(world.kv).not.toBe(LEGACY);
  });
});

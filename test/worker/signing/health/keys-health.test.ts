import { describe, expect, test } from "vitest";
import { DAY, HOUR, KEK, SETTINGS, START } from "../deployment.ts";
import { healthOf, NOW, ONE, ringOf, running, signs } from "../running.ts";

describe("all is well", () => {
  test("the health document says what signs, since when, what is next and when", async () => {
    const world = await running();
    const health = await healthOf(world, world.reader());
    expect(health).toMatchObject({
      status: "ok",
      problems: [],
      source: "kv",
      age_seconds: 0,
      sequence: ringOf(world).sequence,
      algorithms: {
        ES256: {
          signing: world.active,
          since: new Date((START - 60) * 1000).toISOString(),
          next: world.standby,
          next_at: new Date((START + 7 * DAY - 60) * 1000).toISOString(),
        },
      },
    });
    expect(health.keys.map(({ kid, use }) => [kid, use])).toEqual([
      [world.active, "signing"],
      [world.standby, "standby"],
    ]);
  });

  test("it holds no secret", async () => {
    const world = await running();
    const text = JSON.stringify(await healthOf(world, world.reader()));
    for (const { secret } of ringOf(world).keys) expect(text).not.toContain(secret?.box);
    expect(text).not.toContain(KEK);
  });

  test("a warm signature reads nothing; a copy past its minute is renewed after the answer", async () => {
    const world = await running();
    const keys = world.reader();
    await signs(world, keys);
    const reads = world.kvReads;
    expect(await signs(world, keys, NOW + 59)).toBe(world.active);
    expect(world.kvReads).toBe(reads);
    await keys.signer("ES256", ONE, world.at(NOW + 60));
    expect(world.pending()).toBe(1);
    await world.settle();
    expect(world.kvReads).toBe(reads + 1);
  });

  test("a copy past two minutes is renewed before the answer", async () => {
    const world = await running();
    const keys = world.reader();
    await signs(world, keys);
    const reads = world.kvReads;
    await keys.signer("ES256", ONE, world.at(NOW + 120));
    expect(world.pending()).toBe(0);
    expect(world.kvReads).toBe(reads + 1);
  });
});

describe("an algorithm is new", () => {
  test("until relying parties know its key, exchanges for it are refused, and /healthz says when it signs", async () => {
    const world = await running();
    const keys = world.reader();
    const before = await keys.health(SETTINGS, world.at(NOW));
    expect(before).toMatchObject({
      status: "degraded",
      problems: [{ code: "not_yet_signing", algorithm: "RS256" }],
    });
    await world.advance(SETTINGS, NOW + HOUR);
    const made = await keys.health(SETTINGS, world.at(NOW + HOUR));
    expect(made).toMatchObject({
      status: "degraded",
      problems: [{ code: "not_yet_signing", algorithm: "RS256" }],
    });
    const signer = await keys.signer("RS256", SETTINGS, world.at(NOW + HOUR));
    expect(signer).toMatchObject({
      ok: false,
      error: {
        code: "signing_keys_unavailable",
        retryAfter: 25 * HOUR,
        detail: expect.stringMatching(/RS256 is new/),
      },
    });
    const start = Date.parse(made.algorithms.RS256?.next_at ?? "") / 1000;
    expect(start).toBe(NOW + HOUR + 25 * HOUR);
    expect(await world.reader().signer("RS256", SETTINGS, world.at(start))).toMatchObject({ ok: true });
  });
});

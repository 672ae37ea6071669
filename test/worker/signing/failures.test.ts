import { describe, expect, test } from "vitest";
import type { KeysHealth } from "../../../worker/signing/health/health.ts";
import type { SigningKeys } from "../../../worker/signing/isolate/signing-keys.ts";
import type { KeySettings, Ring, Sealed } from "../../../worker/signing/ring/ring.ts";
import { DAY, deployment, HOUR, KEK, OTHER_KEK, SETTINGS, START } from "./deployment.ts";

const ONE: KeySettings = { ...SETTINGS, algorithms: ["ES256"] };

type World = ReturnType<typeof deployment>;

/** A deployment two days old, by cron, with its active key and its standby. */
async function running(): Promise<World & { active: string; standby: string }> {
  const world = deployment();
  for (let now = START; now <= START + 2 * DAY; now += HOUR) await world.advance(ONE, now);
  const [active, standby] = ringOf(world).keys.map(({ kid }) => kid);
  if (active === undefined || standby === undefined) throw new Error("a new ring has two keys");
  return Object.assign(world, { active, standby });
}

const NOW = START + 2 * DAY + 30 * 60;

function ringOf(world: World): Ring<Sealed> & { version: number } {
  return JSON.parse(world.kv ?? "null");
}

/** Changes KV behind the keeper's back. */
function tamper(world: World, change: (ring: ReturnType<typeof ringOf>) => object): void {
  world.kv = JSON.stringify(change(ringOf(world)));
}

/** Changes the keeper's own storage as well, as a fault of it would. */
function corrupt(world: World, change: (ring: ReturnType<typeof ringOf>) => object): void {
  tamper(world, change);
  if (world.state !== undefined) world.state = { ...world.state, published: world.kv };
}

function withKey(ring: ReturnType<typeof ringOf>, kid: string, change: object): object {
  return { ...ring, keys: ring.keys.map((key) => (key.kid === kid ? { ...key, ...change } : key)) };
}

async function signs(world: World, keys: SigningKeys, now = NOW, settings = ONE): Promise<string> {
  const signer = await keys.signer("ES256", settings, world.at(now));
  await world.settle();
  return signer.ok ? signer.value.kid : signer.error.code;
}

async function publishes(world: World, keys: SigningKeys, now = NOW): Promise<readonly string[] | string> {
  const published = await keys.published(ONE, world.at(now));
  await world.settle();
  return published.ok ? published.value.keys.map(({ kid }) => kid) : published.error.code;
}

async function healthOf(world: World, keys: SigningKeys, now = NOW): Promise<KeysHealth> {
  const health = await keys.health(ONE, world.at(now));
  await world.settle();
  return health;
}

const codes = (health: KeysHealth): string[] => health.problems.map(({ code }) => code);

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
    expect(world.background).toHaveLength(1);
    await world.settle();
    expect(world.kvReads).toBe(reads + 1);
  });

  test("a copy past two minutes is renewed before the answer", async () => {
    const world = await running();
    const keys = world.reader();
    await signs(world, keys);
    const reads = world.kvReads;
    await keys.signer("ES256", ONE, world.at(NOW + 120));
    expect(world.background).toHaveLength(0);
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
    expect(codes(await healthOf(world, keys))).toEqual(["kv_invalid"]);
    await world.advance(ONE, NOW + HOUR);
    expect(codes(await healthOf(world, keys, NOW + HOUR))).toEqual([]);
  });

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
    tamper(world, (ring) => ({ ...ring, sequence: ring.sequence + 50 }));
    const keys = world.reader();
    expect(await signs(world, keys)).toBe("signing_keys_unavailable");
    expect(world.asked).toBeGreaterThan(0);
    expect(codes(await healthOf(world, keys, NOW + 200))).not.toContain("kv_behind");
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
    world.kvRefusesWrites = true;
    const later = START + 5 * DAY;
    expect(await world.advance(ONE, later)).toMatchObject({ changed: true, copied: false });
    expect(world.kv).toBe(published);
    expect(await world.ring(ONE, later + 10)).toBe(published);
    world.kvRefusesWrites = false;
    expect(await world.advance(ONE, later + HOUR)).toMatchObject({ copied: true });
    expect(ringOf(world).keys.at(-1)?.publishAt).toBe(later + HOUR);
  });
});

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
    expect(await healthOf(world, keys)).toMatchObject({ status: "ok", source: "keeper" });
    const cold = world.reader();
    world.keeperDown = true;
    expect(await signs(world, cold)).toBe(world.standby);
    const health = await healthOf(world, cold);
    expect(health.status).toBe("degraded");
    expect(health.problems).toContainEqual({
      code: "seal_broken",
      says: "a sealed key is not what the keeper sealed",
      kid: world.active,
    });
    expect(await publishes(world, cold)).toEqual([world.active, world.standby]);
    world.keeperDown = false;
    await world.advance(ONE, NOW + HOUR);
    for (const reader of [cold, world.reader()])
      expect(await signs(world, reader, NOW + HOUR)).toBe(world.active);
  });

  test("it is of an older ring: the box does not open in the newer one", async () => {
    const world = await running();
    const old = ringOf(world).keys[0]?.secret;
    for (let now = START + 3 * DAY; now < START + 5 * DAY; now += HOUR) await world.advance(ONE, now);
    tamper(world, (ring) => withKey(ring, world.active, { secret: old }));
    world.keeperDown = true;
    const keys = world.reader();
    expect(await signs(world, keys, START + 5 * DAY)).toBe(world.standby);
    expect(codes(await healthOf(world, keys, START + 5 * DAY))).toContain("seal_broken");
  });

  test("in KV and in the keeper, it is changed: the standby signs, the key stays published, a new standby is made", async () => {
    const world = await running();
    const kek = ringOf(world).keys[0]?.secret?.kek;
    corrupt(world, (ring) => withKey(ring, world.active, { secret: { ...BROKEN, kek } }));
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.standby);
    expect(codes(await healthOf(world, keys))).toEqual(["seal_broken", "no_standby"]);
    await world.advance(ONE, NOW + HOUR);
    const health = await healthOf(world, keys, NOW + HOUR);
    expect(health.status).toBe("ok");
    expect(health.keys.map(({ use }) => use)).toEqual(["retired", "signing", "standby"]);
    expect(health.keys[0]).toMatchObject({ kid: world.active, sealed_with: null });
  });

  test("in KV and in the keeper, the standby is changed: /healthz names the key that does sign next", async () => {
    const world = await running();
    const kek = ringOf(world).keys[0]?.secret?.kek;
    corrupt(world, (ring) => withKey(ring, world.standby, { secret: { ...BROKEN, kek } }));
    await world.advance(ONE, NOW + HOUR);
    const health = await healthOf(world, world.reader(), NOW + HOUR);
    const [, lost, next] = ringOf(world).keys;
    expect(lost).toMatchObject({ kid: world.standby, secret: null });
    expect(health.algorithms.ES256?.next).toBe(next?.kid);
    expect(next?.kid).toBeDefined();
  });

  test("a forged ring of a higher sequence gives no signature, and the keeper rises above it", async () => {
    const world = await running();
    const { sequence } = ringOf(world);
    tamper(world, (ring) => ({ ...ring, sequence: sequence + 50 }));
    world.keeperDown = true;
    const keys = world.reader();
    expect(await signs(world, keys)).toBe("signing_keys_unavailable");
    expect((await healthOf(world, keys)).status).toBe("unavailable");
    world.keeperDown = false;
    await world.advance(ONE, NOW + HOUR);
    expect(ringOf(world).sequence).toBe(sequence + 51);
    expect(await signs(world, keys, NOW + HOUR)).toBe(world.active);
  });

  test("a ring of a sequence beyond the clock is not a ring", async () => {
    const world = await running();
    tamper(world, (ring) => ({ ...ring, sequence: 2 ** 50 }));
    const keys = world.reader();
    expect(await signs(world, keys)).toBe(world.active);
    expect(codes(await healthOf(world, keys))).toEqual(["kv_invalid"]);
  });

  test("a key whose kid is not its thumbprint is refused with its ring", async () => {
    const world = await running();
    const [, standby] = ringOf(world).keys;
    tamper(world, (ring) => withKey(ring, world.active, { publicJwk: standby?.publicJwk }));
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
    expect(codes(health)).toEqual(["kek_invalid", "kek_invalid", "no_signer"]);
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
    expect(codes(await healthOf(world, keys))).toEqual(["kek_unknown", "kek_unknown", "no_signer"]);
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

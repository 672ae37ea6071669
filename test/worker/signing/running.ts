import type { KeysHealth } from "../../../worker/signing/health/health.ts";
import type { SigningKeys } from "../../../worker/signing/isolate/signing-keys.ts";
import { keyCustody } from "../../../worker/signing/keeper/key-custody.ts";
import type { KeySettings, Ring, Sealed } from "../../../worker/signing/ring/ring.ts";
import { DAY, deployment, HOUR, SETTINGS, START } from "./deployment.ts";

export const ONE: KeySettings = { ...SETTINGS, algorithms: ["ES256"] };

export type World = ReturnType<typeof deployment>;

/** A deployment two days old, by cron, with its active key and its standby. */
export async function running(): Promise<World & { active: string; standby: string }> {
  const world = deployment();
  for (let now = START; now <= START + 2 * DAY; now += HOUR) await world.advance(ONE, now);
  const [active, standby] = ringOf(world).keys.map(({ kid }) => kid);
  if (active === undefined || standby === undefined) throw new Error("a new ring has two keys");
  return Object.assign(world, { active, standby });
}

export const NOW = START + 2 * DAY + 30 * 60;

type StoredRing = Ring<Sealed> & { version: number };

/** The ring in KV, below the line with its MAC. */
export function ringOf(world: World): StoredRing {
  return JSON.parse(world.kv?.split("\n").at(-1) ?? "null");
}

/** Changes KV behind the keeper's back, as somebody can who may write KV: the MAC stays as it was. */
export function tamper(world: World, change: (ring: StoredRing) => object): void {
  const [mac = "", ring = "null"] = world.kv?.split("\n") ?? [];
  world.kv = [mac, JSON.stringify(change(JSON.parse(ring)))].join("\n");
}

/** Changes the keeper's own storage and the copy that it wrote, as a fault of it would. */
export async function corrupt(world: World, change: (ring: StoredRing) => object): Promise<void> {
  const published = JSON.stringify(change(ringOf(world)));
  const { keks, copies } = await keyCustody(world.secrets);
  world.kv = await copies.protect(published, keks[0]);
  if (world.state !== undefined) world.state = { ...world.state, published };
}

export function withKey(ring: StoredRing, kid: string, change: object): object {
  return { ...ring, keys: ring.keys.map((key) => (key.kid === kid ? { ...key, ...change } : key)) };
}

export async function signs(world: World, keys: SigningKeys, now = NOW, settings = ONE): Promise<string> {
  const signer = await keys.signer("ES256", settings, world.at(now));
  await world.settle();
  return signer.ok ? signer.value.kid : signer.error.code;
}

export async function publishes(
  world: World,
  keys: SigningKeys,
  now = NOW,
): Promise<readonly string[] | string> {
  const published = await keys.published(ONE, world.at(now));
  await world.settle();
  return published.ok ? published.value.keys.map(({ kid }) => kid) : published.error.code;
}

export async function healthOf(world: World, keys: SigningKeys, now = NOW): Promise<KeysHealth> {
  const health = await keys.health(ONE, world.at(now));
  await world.settle();
  return health;
}

export const codes = (health: KeysHealth): string[] => health.problems.map(({ code }) => code);

import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
} from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { now } from "../../../local/clock.ts";
import { OUR_ISSUER, type TrustDocument } from "../../../local/trust-document.ts";
import type { KeysHealth } from "../../../worker/signing/health/health.ts";
import { type Exchange, startExchange } from "../../stage/exchange.ts";
import { DAY, HOUR } from "./deployment.ts";

const VAULT = "https://vault.example.org";
const AZURE = "api://AzureADTokenExchange";

let lab: Exchange;
let isolates = 0;
let start: number;

beforeAll(async () => {
  lab = await startExchange({ main: "test/stage/lab-main.ts", trust: withoutReplayGuard });
});
afterAll(() => lab.close());
beforeEach(async () => {
  await lab.reset();
  start = now();
});

function withoutReplayGuard(document: TrustDocument): TrustDocument {
  const allowedIssuers = document.allowedIssuers.map((issuer) => ({ ...issuer, replay: "off" }));
  return { ...document, allowedIssuers };
}

/** Headers for a request at an instant, in an isolate that has never been used before or in a named one. */
const at = (time: number, isolate = `isolate-${isolates++}`) => ({
  "x-lab-now": String(time),
  "x-lab-isolate": isolate,
});

const cron = (time: number) => lab.scheduled(time);

async function keySet(time: number, isolate?: string): Promise<JSONWebKeySet> {
  const response = await lab.fetch("/.well-known/jwks.json", { headers: at(time, isolate) });
  expect(response.status).toBe(200);
  return (await response.json()) as JSONWebKeySet;
}

const kidsOf = ({ keys }: JSONWebKeySet): string[] => keys.map(({ kid }) => String(kid)).sort();

async function bundle(time: number): Promise<{ keys: { kid: string }[]; spiffe_sequence: number }> {
  const response = await lab.fetch("/.well-known/spiffe-bundle.json", { headers: at(time) });
  return (await response.json()) as { keys: { kid: string }[]; spiffe_sequence: number };
}

async function keysHealth(time: number): Promise<KeysHealth> {
  const response = await lab.fetch("/healthz", { headers: at(time) });
  return ((await response.json()) as { signing_keys: KeysHealth }).signing_keys;
}

async function mint(time: number, audience = VAULT, isolate?: string): Promise<string> {
  const token = await lab.github.token(OUR_ISSUER, time);
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: token,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    audience,
  });
  const response = await lab.post(form, at(time, isolate));
  const body = (await response.json()) as { access_token?: string; code?: string };
  if (body.access_token === undefined) throw new Error(`refused: ${body.code}`);
  return body.access_token;
}

async function verifies(svid: string, set: JSONWebKeySet, time: number, audience = VAULT): Promise<string> {
  const { protectedHeader } = await jwtVerify(svid, createLocalJWKSet(set), {
    issuer: OUR_ISSUER,
    audience,
    currentDate: new Date(time * 1000),
  });
  return String(protectedHeader.kid);
}

const ringInKv = async () => (await lab.kv()).get("ring");

test("the first requests of an empty namespace, all at once and before any cron, get one ring", {
  timeout: 120_000,
}, async () => {
  const sets = await Promise.all(Array.from({ length: 20 }, () => keySet(start)));
  const [first] = sets;
  expect(kidsOf(first ?? { keys: [] })).toHaveLength(4);
  for (const set of sets) expect(kidsOf(set)).toEqual(kidsOf(first ?? { keys: [] }));
  const svids = await Promise.all([mint(start), mint(start), mint(start, AZURE), mint(start, AZURE)]);
  const signers = await Promise.all([
    ...svids.slice(0, 2).map((svid) => verifies(svid, first ?? { keys: [] }, start)),
    ...svids.slice(2).map((svid) => verifies(svid, first ?? { keys: [] }, start, AZURE)),
  ]);
  expect(new Set(signers).size).toBe(2);
  const ring = JSON.parse((await ringInKv())?.split("\n")[1] ?? "null") as { keys: unknown[] };
  expect(ring.keys).toHaveLength(4);
});

test("four weeks of scheduled events: yesterday's keys verify today's SVID, and keys come and go", {
  timeout: 120_000,
}, async () => {
  const end = start + 28 * DAY;
  const signers = new Set<string>();
  const sequences = new Map<number, string>();
  await cron(start);
  let yesterday = await keySet(start);
  for (let time = start; time < end; time += HOUR) {
    await cron(time);
    const isNewDay = (time - start) % DAY === 0;
    if (!isNewDay) continue;
    signers.add(await verifies(await mint(time), yesterday, time));
    signers.add(await verifies(await mint(time, AZURE), yesterday, time, AZURE));
    yesterday = await keySet(time);
    expect(yesterday.keys.length).toBeLessThanOrEqual(6);
    const { keys, spiffe_sequence } = await bundle(time);
    const content = keys.map(({ kid }) => kid).join();
    expect(sequences.get(spiffe_sequence) ?? content).toBe(content);
    expect(spiffe_sequence).toBeGreaterThanOrEqual(Math.max(0, ...sequences.keys()));
    sequences.set(spiffe_sequence, content);
  }
  expect(signers.size).toBe(8);
  expect(new Set(sequences.values()).size).toBe(sequences.size);
  expect(await keysHealth(end)).toMatchObject({ status: "ok", problems: [] });
});

test("the keeper is evicted, and events come late, twice and at once, in the middle of a rotation: nothing is lost", {
  timeout: 120_000,
}, async () => {
  await cron(start);
  const atFirst = kidsOf(await keySet(start));
  const during = start + 5 * DAY;
  await Promise.all([cron(during), cron(during), cron(during)]);
  const published = await ringInKv();
  await lab.evict("KeyKeeper", "ring");
  await cron(during + 60);
  expect(await ringInKv()).toBe(published);
  expect(kidsOf(await keySet(during + 60))).toEqual(expect.arrayContaining(atFirst));
  const before = await mint(start + 7 * DAY - 120);
  await lab.evict("KeyKeeper", "ring");
  const set = await keySet(during + 60);
  const after = await mint(start + 7 * DAY + 1);
  const [old, next] = [
    await verifies(before, set, start + 7 * DAY - 120),
    await verifies(after, set, start + 7 * DAY + 1),
  ];
  expect(old).not.toBe(next);
  expect(atFirst).toEqual(expect.arrayContaining([old, next]));
});

test("the keeper's storage is lost: it starts from the copy in KV", { timeout: 120_000 }, async () => {
  await cron(start);
  await cron(start + 5 * DAY);
  const ring = await ringInKv();
  const kids = kidsOf(await keySet(start + 5 * DAY));
  await lab.reset();
  await (await lab.kv()).put("ring", ring ?? "");
  await cron(start + 5 * DAY + 60);
  expect(await ringInKv()).toBe(ring);
  expect(kidsOf(await keySet(start + 5 * DAY + 60))).toEqual(kids);
  await verifies(await mint(start + 5 * DAY + 60), await keySet(start + 5 * DAY + 60), start + 5 * DAY + 60);
});

test("a revocation: out of every document and out of use at once, and replaced", {
  timeout: 120_000,
}, async () => {
  const time = start + 2 * DAY;
  await cron(start);
  const before = await mint(time);
  const stolen = await verifies(before, await keySet(time), time);
  await lab.putTrust({ ...withoutReplayGuard(await trustInKv()), keys: { revoked: [stolen] } });
  const after = await mint(time + 200);
  const set = await keySet(time + 200);
  expect(kidsOf(set)).not.toContain(stolen);
  expect((await bundle(time + 200)).keys.map(({ kid }) => kid)).not.toContain(stolen);
  expect(await verifies(after, set, time + 200)).not.toBe(stolen);
  await expect(verifies(before, set, time + 200)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  await cron(time + 300);
  expect(await ringInKv()).not.toContain(stolen);
  expect(await keysHealth(time + 300)).toMatchObject({ status: "ok", problems: [] });
});

test("a key that somebody appends to the ring in KV is in no published document", {
  timeout: 120_000,
}, async () => {
  await cron(start);
  const kids = kidsOf(await keySet(start));
  const [mac, text = ""] = (await ringInKv())?.split("\n") ?? [];
  const ring = JSON.parse(text);
  const { publicKey } = await generateKeyPair("ES256");
  const { x = "", y = "" } = await exportJWK(publicKey);
  const publicJwk = { kty: "EC", crv: "P-256", x, y };
  const kid = await calculateJwkThumbprint(publicJwk);
  const key = { ...ring.keys[0], kid, algorithm: "ES256", publicJwk, secret: null };
  const forged = JSON.stringify({ ...ring, sequence: ring.sequence + 1, keys: [...ring.keys, key] });
  lab.clearLogs();
  for (const value of [`${mac}\n${forged}`, forged]) {
    await (await lab.kv()).put("ring", value);
    expect(kidsOf(await keySet(start))).toEqual(kids);
    expect((await bundle(start)).keys.map(({ kid }) => kid).sort()).toEqual(kids);
    const health = await keysHealth(start);
    expect(health).toMatchObject({ status: "degraded", source: "keeper" });
    expect(health.problems.map(({ code }) => code)).toEqual(["kv_unauthenticated"]);
  }
  const lines = lab.logs().map((line) => JSON.parse(line));
  expect(lines.filter(({ event }) => event === "kv_value_refused").map(({ reason }) => reason)).toEqual(
    ["mac_invalid", "mac_missing"].flatMap((reason) => [reason, reason, reason]),
  );
  await cron(start + HOUR);
  expect(await keysHealth(start + HOUR)).toMatchObject({ status: "ok", source: "kv" });
});

test("the keeper's clock is wrong: it changes nothing, says so, and goes on as soon as the clock is right", {
  timeout: 120_000,
}, async () => {
  await cron(start);
  const ring = await ringInKv();
  for (const ahead of [8 * DAY + HOUR, -365 * DAY]) {
    lab.clearLogs();
    await lab.fetch("/healthz", { headers: { ...at(start + HOUR), "x-lab-keeper-ahead": String(ahead) } });
    expect(await cron(start + HOUR)).toBe("exception");
    expect(lab.logs().map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: "keeper_failed", reason: "clocks_differ" }),
    );
    expect(await ringInKv()).toBe(ring);
    await verifies(await mint(start + HOUR), await keySet(start + HOUR), start + HOUR);
  }
  await lab.fetch("/healthz", { headers: { ...at(start + HOUR), "x-lab-keeper-ahead": "0" } });
  expect(await cron(start + HOUR)).toBe("ok");
});

async function trustInKv(): Promise<TrustDocument> {
  return JSON.parse((await (await lab.kv()).get("trust")) ?? "null");
}

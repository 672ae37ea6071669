import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../local/clock.ts";
import { OUR_ISSUER } from "../../local/trust-document.ts";
import { publicJwk, rsaKey } from "../shared/subject-token/craft.ts";
import { type Arena, openArena } from "./arena.ts";
import { CANARY_HOST, CI, ciToken } from "./issuers.ts";

const DISCOVERY = `${CI}/.well-known/openid-configuration`;
const KEYS = `${CI}/keys`;
const KEY = publicJwk(rsaKey, { kid: "k1", alg: "RS256" });

type Answer = (arena: Arena) => Response | Promise<Response>;

const never = new Promise<Response>(() => undefined);
/** A body that begins well and then says nothing more. */
const stuck = () => new Response(new ReadableStream({ start: (body) => body.enqueue(bytes('{"keys":[')) }));
const bytes = (text: string) => new TextEncoder().encode(text);
/** Blank space for as long as anybody reads. */
const endless = () =>
  new Response(new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(16 * 1024).fill(0x20)) }));
const cut = () => {
  const parts = [bytes('{"keys":[{"kid":"k1",')];
  return new Response(
    new ReadableStream({
      pull(body) {
        const part = parts.shift();
        if (part === undefined) body.error(new Error("connection reset"));
        else body.enqueue(part);
      },
    }),
  );
};
const bomb = () =>
  new Response(gzipSync(Buffer.alloc(20 * 1024 * 1024, 0x20)), { headers: { "content-encoding": "gzip" } });
const to = (location: string, status = 302) => new Response(null, { status, headers: { location } });

/** What either address of a provider may answer instead of what it should. */
const BROKEN: Readonly<Record<string, Answer>> = {
  "does not answer": () => never,
  "answers without an end": stuck,
  "answers for ever": endless,
  "is cut off": cut,
  "refuses the connection": () => Promise.reject(new TypeError("connection refused")),
  "answers 500": () => new Response("{}", { status: 500 }),
  "answers 403": () => Response.json({ keys: [KEY] }, { status: 403 }),
  "answers 204": () => new Response(null, { status: 204 }),
  "answers 206": () => Response.json({ keys: [KEY] }, { status: 206 }),
  "answers 203": () => Response.json({ keys: [KEY] }, { status: 203 }),
  "redirects to a name": () => to(`https://${CANARY_HOST}/`),
  "redirects to loopback": (arena) => to(`${arena.canary.url}/`, 307),
  "redirects to itself": () => to(KEYS, 308),
  "redirects with a body that would do": () =>
    new Response(JSON.stringify({ keys: [KEY] }), { status: 301, headers: { location: KEYS } }),
  "sends nothing": () => new Response(""),
  "sends HTML": () =>
    new Response("<!doctype html><title>Sign in</title>", { headers: { "content-type": "text/html" } }),
  "sends a bomb": bomb,
  "sends 101 KiB": () => new Response(`{"keys":[]}${" ".repeat(101 * 1024)}`),
  "sends truncated JSON": () => new Response(JSON.stringify({ keys: [KEY] }).slice(0, -2)),
  "sends a list": () => Response.json([KEY]),
  "sends nested JSON": () => new Response(`{"keys":${"[".repeat(20_000)}${"]".repeat(20_000)}}`),
  "sends a member twice": () => new Response(`{"keys":[],"keys":[${JSON.stringify(KEY)}]}`),
  "sends UTF-16": () => new Response(Buffer.from(JSON.stringify({ keys: [KEY] }), "utf16le")),
};

/** What only a key set, or only a discovery document, can be wrong in. */
const BROKEN_KEYS: Readonly<Record<string, Answer>> = {
  ...BROKEN,
  "sends no keys": () => Response.json({ keys: [] }),
  "sends keys that are a string": () => Response.json({ keys: "k1" }),
  "sends 101 keys": () =>
    Response.json({ keys: Array.from({ length: 101 }, (_, i) => ({ ...KEY, kid: `k${i}` })) }),
  "sends only keys of no use": () =>
    Response.json({ keys: [{ kty: "oct", kid: "k1", k: "AA" }, {}, null, 7] }),
};
const BROKEN_DISCOVERY: Readonly<Record<string, Answer>> = {
  ...BROKEN,
  "names another issuer": () => Response.json({ issuer: `${CI}/`, jwks_uri: KEYS }),
  "names no issuer": () => Response.json({ jwks_uri: KEYS }),
  "has its keys elsewhere": () => Response.json({ issuer: CI, jwks_uri: `https://${CANARY_HOST}/keys` }),
  "has its keys on loopback": (arena) => Response.json({ issuer: CI, jwks_uri: `${arena.canary.url}/keys` }),
  "has its keys at a host that begins alike": () =>
    Response.json({ issuer: CI, jwks_uri: `${CI}.${CANARY_HOST}/` }),
  "has its keys behind userinfo": () =>
    Response.json({ issuer: CI, jwks_uri: `https://ci.example@${CANARY_HOST}/` }),
  "has its keys without TLS": () => Response.json({ issuer: CI, jwks_uri: "http://ci.example/keys" }),
  "has its keys in a file": () => Response.json({ issuer: CI, jwks_uri: "file:///etc/passwd" }),
  "has its keys in itself": () => Response.json({ issuer: CI, jwks_uri: "data:application/json,{}" }),
  "has a list of addresses": () => Response.json({ issuer: CI, jwks_uri: [KEYS] }),
};

let arena: Arena;
let answers: Record<string, Answer> = {};
let isolates = 0;

beforeAll(async () => {
  arena = await openArena(
    { [CI]: [KEY] },
    {
      main: "test/stage/lab-main.ts",
      limits: { KEY_FETCH_TIMEOUT_SECONDS: 1 },
    },
  );
  arena.lab.setOutbound((request) => answers[request.url]?.(arena) ?? arena.serveKeys(request));
  await arena.legitimate();
});
afterAll(() => arena.close());

/** An isolate that has never heard of any issuer, and no copy of the attacked issuer's keys for it to find. */
async function coldIsolate(): Promise<Record<string, string>> {
  const kv = await arena.lab.kv();
  const { keys } = await kv.list({ prefix: "upstream/" });
  for (const { name } of keys) {
    if ((await kv.get(name))?.includes('"k1"')) await kv.delete(name);
  }
  return { "x-lab-isolate": `cold-${isolates++}` };
}

async function expectUnavailable(url: string, answer: Answer): Promise<void> {
  answers = { [url]: answer };
  const cold = await coldIsolate();
  const refused = await arena.send(ciToken(), cold);
  expect([refused.status, refused.code], JSON.stringify(refused.body)).toEqual([
    503,
    "issuer_keys_unavailable",
  ]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.outbound).toBeLessThanOrEqual(2);

  const again = await arena.send(ciToken(), cold);
  expect([again.code, again.outbound]).toEqual(["issuer_keys_unavailable", 0]);
  expect(arena.canary.visits()).toEqual([]);
  expect((await arena.legitimate(cold)).status).toBe(200);
}

describe("a key set's server that", () => {
  test.each(Object.entries(BROKEN_KEYS))("%s", (_, answer) => expectUnavailable(KEYS, answer));
});

describe("a discovery document's server that", () => {
  test.each(Object.entries(BROKEN_DISCOVERY))("%s", (_, answer) => expectUnavailable(DISCOVERY, answer));
});

test("a provider that flaps: what was read once goes on, and one look a minute is all it costs", async () => {
  const at = now();
  const lab = (second: number) => ({ "x-lab-isolate": "flapping", "x-lab-now": String(at + second) });
  answers = {};
  const token = (second: number, header = {}) =>
    ciToken(header, { iat: at + second, exp: at + second + 300 });
  expect((await arena.send(token(0), lab(0))).status).toBe(200);
  const before = arena.lab.requests.length;
  for (let second = 10; second <= 300; second += 10) {
    answers = second % 20 === 0 ? { [KEYS]: () => new Response("{}", { status: 502 }) } : {};
    expect((await arena.send(token(second), lab(second))).status).toBe(200);
    const unknown = await arena.send(token(second, { kid: `k-${second}` }), lab(second));
    expect(["signing_key_unknown", "issuer_keys_unavailable"]).toContain(unknown.code);
  }
  expect(arena.lab.requests.length - before).toBeLessThanOrEqual(2 * 5);
  await arena.legitimate({ "x-lab-now": "real" });
});

test("a key that was withdrawn stops at the next look, and one that is new is found at once", async () => {
  const at = now();
  const lab = (second: number) => ({ "x-lab-isolate": "rotating", "x-lab-now": String(at + second) });
  const sent = (kid: string, second: number) =>
    arena.send(ciToken({ kid }, { iat: at + second, exp: at + second + 300 }), lab(second));
  answers = {};
  expect((await sent("k1", 0)).status).toBe(200);
  answers = { [KEYS]: () => Response.json({ keys: [{ ...KEY, kid: "k2" }] }) };
  expect((await sent("k2", 61)).status).toBe(200);
  expect((await sent("k1", 62)).code).toBe("signing_key_unknown");
  answers = {};
  await arena.legitimate({ "x-lab-now": "real" });
});

test("GitLab's keys are read past every cache, though they may be cached for a day", async () => {
  const seen: Request[] = [];
  arena.lab.setOutbound((request) => {
    seen.push(request);
    return undefined;
  });
  const token = await arena.lab.gitlab.token(OUR_ISSUER, now());
  expect((await arena.send(token, { "x-lab-isolate": `cold-${isolates++}` })).status).toBe(200);
  expect(seen.map(({ url }) => url)).toContain("https://gitlab.com/oauth/discovery/keys");
  for (const request of seen) expect(request.headers.get("cache-control")).toMatch(/no-cache|no-store/);
});

test("no token is in the log", () => {
  expect(arena.leaks().searched).toBeGreaterThan(100);
  expect(arena.leaks().found).toEqual([]);
});

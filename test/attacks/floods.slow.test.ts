import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../local/clock.ts";
import { OUR_ISSUER } from "../../local/trust-document.ts";
import { publicJwk, rsaKey } from "../shared/subject-token/craft.ts";
import type { Outbound } from "../stage/exchange.ts";
import { type Arena, openArena } from "./arena.ts";
import { CI, ciToken } from "./issuers.ts";

/** For a warm and a cold isolate each, so ten thousand for each kind of provider. */
const COUNT = 5_000;
const RATES = { REFUSAL_LIMIT: 20 };
const start = now();

let arena: Arena;
/** The laboratory's time stands still but for these steps, so that "once a minute" can be counted. */
let elapsed = 0;

beforeAll(async () => {
  arena = await openArena(
    { [CI]: [publicJwk(rsaKey, { kid: "k1" })] },
    { main: "test/attacks/flood-main.ts", rates: RATES },
  );
});
afterAll(() => arena.close());

const at = (isolate: string) => ({ "x-lab-isolate": isolate, "x-lab-now": String(start + elapsed) });

/** An honest job of the flooded issuer, and one of GitHub. */
async function honest(isolate: string): Promise<(string | number)[]> {
  const seconds = start + elapsed;
  const own = await arena.send(ciToken({}, { iat: seconds, exp: seconds + 300 }), at(isolate));
  const other = await arena.legitimate(at(isolate), seconds);
  return [own.code ?? own.status, other.code ?? other.status];
}

async function flood(isolate: string, abreast = 250): Promise<Record<string, number>> {
  const tail = ciToken().split(".").slice(1).join(".");
  arena.secrets.push(tail);
  const response = await arena.lab.fetch("/flood", {
    method: "POST",
    headers: at(isolate),
    body: JSON.stringify({ count: COUNT, abreast, tail }),
  });
  return (await response.json()) as Record<string, number>;
}

const visits = () => arena.lab.requests.filter((url) => url.startsWith(CI)).length;

const PROVIDERS: Readonly<Record<string, { outbound: Outbound; ends: readonly string[] }>> = {
  up: {
    outbound: (request) => arena.serveKeys(request),
    ends: ["signing_key_unknown", "issuer_keys_unavailable"],
  },
  down: {
    outbound: (request) => (request.url.startsWith(CI) ? new Response("{}", { status: 503 }) : undefined),
    ends: ["issuer_keys_unavailable"],
  },
  slow: {
    outbound: (request) => (request.url.startsWith(CI) ? new Promise(() => undefined) : undefined),
    ends: ["issuer_keys_unavailable"],
  },
};

describe.each(Object.entries(PROVIDERS))(
  "ten thousand tokens with random kids, while the provider is %s",
  (name, provider) => {
    test.each(["warm", "cold"])(
      "a %s isolate looks once, and honest jobs go on",
      async (kind) => {
        elapsed += 120;
        arena.lab.setOutbound((request) => arena.serveKeys(request));
        expect(await honest("warm")).toEqual([200, 200]);
        elapsed += 61;
        arena.lab.setOutbound(provider.outbound);
        const isolate = kind === "warm" ? "warm" : `cold-${name}`;
        const before = visits();

        let flooding = true;
        const flooded = flood(isolate).finally(() => {
          flooding = false;
        });
        const outcomes = new Set<string>();
        while (flooding) {
          outcomes.add((await honest(isolate)).join());
          await new Promise((next) => setTimeout(next, 100));
        }
        const codes = await flooded;

        expect(outcomes).toEqual(new Set(["200,200"]));
        expect(Object.keys(codes).filter((code) => !provider.ends.includes(code))).toEqual([]);
        expect(Object.values(codes).reduce((sum, count) => sum + count, 0)).toBe(COUNT);
        expect(visits() - before).toBeLessThanOrEqual(2);
        expect(await honest(isolate)).toEqual([200, 200]);
      },
      60_000,
    );
  },
);

describe("a provider that is down for an hour", () => {
  test.each(["warm", "cold"])(
    "%s isolate: known kids go on, unknown ones are unavailable, one look a minute",
    async (kind) => {
      elapsed += 120;
      arena.lab.setOutbound((request) => arena.serveKeys(request));
      expect(await honest("hour")).toEqual([200, 200]);
      arena.lab.setOutbound((request) =>
        request.url.startsWith(CI) ? new Response("{}", { status: 500 }) : undefined,
      );
      const isolate = kind === "warm" ? "hour" : "hour-cold";
      const before = visits();
      const began = elapsed;
      for (; elapsed <= began + 3_600; elapsed += 30) {
        const seconds = start + elapsed;
        const dates = { iat: seconds, exp: seconds + 300 };
        expect((await arena.send(ciToken({}, dates), at(isolate))).status).toBe(200);
        if (elapsed < began + 61) continue;
        const unknown = await arena.send(ciToken({ kid: `k-${elapsed}` }, dates), at(isolate));
        expect([unknown.status, unknown.code]).toEqual([503, "issuer_keys_unavailable"]);
        expect(Number(unknown.headers.get("retry-after"))).toBeLessThanOrEqual(60);
      }
      expect(visits() - before).toBeLessThanOrEqual(61);
      expect(visits() - before).toBeGreaterThan(50);
    },
    60_000,
  );

  test("an isolate without a copy of the keys says so, and recovers within a minute of the provider", async () => {
    const kv = await arena.lab.kv();
    for (const { name } of (await kv.list({ prefix: "upstream/" })).keys) await kv.delete(name);
    elapsed += 120;
    expect((await honest("bare"))[0]).toBe("issuer_keys_unavailable");
    arena.lab.setOutbound((request) => arena.serveKeys(request));
    elapsed += 60;
    expect(await honest("bare")).toEqual([200, 200]);
  });
});

test("of two hundred exchanges of one token at once exactly one gets an SVID", async () => {
  const token = await arena.lab.github.token(OUR_ISSUER, start + elapsed);
  const sent = await Promise.all(Array.from({ length: 200 }, () => arena.send(token, at("warm"))));
  expect(sent.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(sent.filter(({ code }) => code === "token_replayed")).toHaveLength(199);
  expect(sent.filter(({ body }) => "access_token" in body)).toHaveLength(1);
});

test("one address that is refused too often is told to wait, and a good token from it still passes", async () => {
  const address = { "cf-connecting-ip": "203.0.113.77", ...at("warm") };
  const sent = await Promise.all(
    Array.from({ length: 3 * RATES.REFUSAL_LIMIT }, () => arena.send("x.y.z", address)),
  );
  expect(new Set(sent.map(({ code }) => code))).toEqual(new Set(["token_malformed", "rate_limited"]));
  expect((await arena.send("x.y.z", address)).headers.get("retry-after")).toBe("30");
  // In the next second, when some requests of the address may go on once more.
  elapsed++;
  expect((await arena.legitimate({ ...address, ...at("warm") }, start + elapsed)).status).toBe(200);
  expect((await arena.send("x.y.z", at("warm"))).code).toBe("token_malformed");
}, 60_000);

test("no token is in the log of all this", () => {
  expect(arena.leaks().searched).toBeGreaterThan(COUNT);
  expect(arena.leaks().found).toEqual([]);
});

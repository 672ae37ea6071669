import { describe, expect, test } from "vitest";
import { judgeKeys, usableKeys } from "../../../shared/jwk/key-set.ts";
import { allowedIssuer, ecKey, ISSUER, NOW, publicJwk, rsaKey } from "../../shared/subject-token/craft.ts";
import { DISCOVERY, fakeIssuer, JWKS } from "./fake-issuer.ts";

const MINUTE = 60;
const HOUR = 3_600;

describe("which key", () => {
  test("discovery, then the keys, past every cache and without redirects", async () => {
    const issuer = fakeIssuer();
    expect(await issuer.isolate().ask("k1")).toBe("ok");
    expect(issuer.asked.map(({ url }) => url)).toEqual([DISCOVERY, JWKS]);
    for (const { init } of issuer.asked) {
      expect(init).toMatchObject({ redirect: "manual", cache: "no-store" });
    }
  });

  test("a pinned address needs no discovery and may be anywhere", async () => {
    const issuer = fakeIssuer();
    issuer.answers.set("https://keys.example/a.json", () =>
      Response.json({ keys: [publicJwk(rsaKey, { kid: "pinned" })] }),
    );
    const pinned = allowedIssuer({ keys: { from: "jwksURI", uri: "https://keys.example/a.json" } });
    expect(await issuer.isolate().ask("pinned", NOW, pinned)).toBe("ok");
    expect(issuer.asked).toHaveLength(1);
  });

  test("inline keys are never fetched, and no other key is known", async () => {
    const issuer = fakeIssuer();
    const inline = allowedIssuer({
      issuer: "http://10.0.0.7",
      keys: { from: "inline", keys: usableKeys(judgeKeys([publicJwk(rsaKey, { kid: "k1" })], "sig")) },
    });
    const isolate = issuer.isolate();
    expect(await isolate.ask("k1", NOW, inline)).toBe("ok");
    expect(await isolate.ask("k2", NOW, inline)).toBe("signing_key_unknown");
    expect([issuer.asked.length, issuer.kv.reads]).toEqual([0, 0]);
  });

  test("the same kid at two issuers is two keys", async () => {
    const issuer = fakeIssuer();
    issuer.answers.set("https://two.example/keys", () =>
      Response.json({ keys: [publicJwk(ecKey, { kid: "k1" })] }),
    );
    const two = allowedIssuer({
      issuer: "https://two.example",
      keys: { from: "jwksURI", uri: "https://two.example/keys" },
      algorithms: ["ES256"],
    });
    const { upstream, ask } = issuer.isolate();
    expect([await ask("k1"), await ask("k1", NOW, two, "ES256")]).toEqual(["ok", "ok"]);
    const key = await upstream.keyFor(
      two,
      { alg: "ES256", kid: "k1" },
      { now: NOW, background: () => undefined },
    );
    expect(key.ok && key.value.algorithm.name).toBe("ECDSA");
    expect(await ask("k1", NOW, two)).toBe("token_algorithm_refused");
  });

  test("two issuers at one address have keys of their own, each as old as its own fetch", async () => {
    const issuer = fakeIssuer();
    const keys = { from: "jwksURI", uri: JWKS } as const;
    const { ask, upstream } = issuer.isolate();
    expect(await ask("k1", NOW, allowedIssuer({ id: "one", issuer: "https://one.example", keys }))).toBe(
      "ok",
    );
    expect(await ask("k1", NOW + 5, allowedIssuer({ id: "two", issuer: "https://two.example", keys }))).toBe(
      "ok",
    );
    expect(issuer.asked).toHaveLength(2);
    expect(upstream.ages(NOW + 7)).toEqual([7, 2]);
  });

  test("an algorithm outside the issuer's list is refused before anyone is asked", async () => {
    const issuer = fakeIssuer();
    for (const alg of ["none", "HS256", "ES256", "rs256", "PS256"]) {
      expect(await issuer.isolate().ask("k1", NOW, allowedIssuer(), alg)).toBe("token_algorithm_refused");
    }
    expect([issuer.asked.length, issuer.kv.reads]).toEqual([0, 0]);
  });

  test("a key is for one algorithm: its own, or the only one of the list that fits its kind", async () => {
    const issuer = fakeIssuer();
    const both = allowedIssuer({ algorithms: ["RS256", "PS256"] });
    issuer.answers.set(JWKS, () =>
      Response.json({
        keys: [
          publicJwk(rsaKey, { kid: "own", alg: "PS256" }),
          publicJwk(rsaKey, { kid: "open" }),
          publicJwk(rsaKey, { kid: "odd", alg: "RSA-OAEP" }),
        ],
      }),
    );
    const { ask } = issuer.isolate();
    expect(await ask("own", NOW, both, "PS256")).toBe("ok");
    expect(await ask("own", NOW, both, "RS256")).toBe("token_algorithm_refused");
    expect(await ask("open", NOW, both, "RS256")).toBe("token_algorithm_refused");
    expect(await ask("odd", NOW, both, "RS256")).toBe("token_algorithm_refused");
    expect(await ask("open", NOW, allowedIssuer())).toBe("ok");
  });

  test("a point off its curve is no key", async () => {
    const issuer = fakeIssuer();
    const off = publicJwk(ecKey, { kid: "off", y: Buffer.alloc(32, 1).toString("base64url") });
    issuer.answers.set(JWKS, () => Response.json({ keys: [off, publicJwk(rsaKey, { kid: "k1" })] }));
    const es256 = allowedIssuer({ algorithms: ["ES256"] });
    expect(await issuer.isolate().ask("off", NOW, es256, "ES256")).toBe("signing_key_unknown");
  });
});

describe("discovery", () => {
  test.each([
    ["another issuer", { issuer: `${ISSUER}/`, jwks_uri: JWKS }],
    ["no issuer", { jwks_uri: JWKS }],
    ["no jwks_uri", { issuer: ISSUER }],
    ["a jwks_uri at another host", { issuer: ISSUER, jwks_uri: "https://evil.example/keys" }],
    ["a jwks_uri at a host that starts alike", { issuer: ISSUER, jwks_uri: `${ISSUER}.evil.example/keys` }],
    [
      "a jwks_uri with the issuer as userinfo",
      { issuer: ISSUER, jwks_uri: "https://issuer.example@evil.example/keys" },
    ],
    ["a jwks_uri with userinfo", { issuer: ISSUER, jwks_uri: "https://me@issuer.example/keys" }],
    ["a jwks_uri at another port", { issuer: ISSUER, jwks_uri: `${ISSUER}:8443/keys` }],
    ["a jwks_uri without TLS", { issuer: ISSUER, jwks_uri: JWKS.replace("https", "http") }],
    ["a jwks_uri that is relative", { issuer: ISSUER, jwks_uri: "/keys" }],
    ["a jwks_uri of another scheme", { issuer: ISSUER, jwks_uri: "data:application/json,{}" }],
    ["a jwks_uri that is a list", { issuer: ISSUER, jwks_uri: [JWKS] }],
  ])("with %s yields no keys, and nobody else is asked", async (_, document) => {
    const issuer = fakeIssuer();
    issuer.answers.set(DISCOVERY, () => Response.json(document));
    expect(await issuer.isolate().ask("k1")).toBe("issuer_keys_unavailable");
    expect(issuer.asked.map(({ url }) => url)).toEqual([DISCOVERY]);
  });

  test("no address that is neither https nor loopback is fetched", async () => {
    const issuer = fakeIssuer();
    for (const uri of [
      "http://issuer.example/keys",
      "ftp://issuer.example",
      "https://a:b@issuer.example/keys",
      "file:///etc/passwd",
      "http://127.0.0.1.evil.example/",
    ]) {
      const plain = allowedIssuer({ keys: { from: "jwksURI", uri } });
      expect(await issuer.isolate().ask("k1", NOW, plain)).toBe("issuer_keys_unavailable");
    }
    expect(issuer.asked).toEqual([]);
  });
});

describe("answers that are none", () => {
  const slow = () =>
    new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([0x7b])) }));
  test.each<[string, () => Response | Promise<Response>]>([
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://evil.example" } })],
    ["204", () => new Response(null, { status: 204 })],
    ["206", () => Response.json({ keys: [publicJwk(rsaKey, { kid: "k2" })] }, { status: 206 })],
    ["404", () => new Response("{}", { status: 404 })],
    ["500", () => Response.json({ keys: [] }, { status: 500 })],
    ["an empty body", () => new Response("")],
    ["no body", () => new Response(null)],
    ["HTML", () => new Response("<!doctype html><p>hello")],
    ["a list", () => Response.json([])],
    ["truncated JSON", () => new Response('{"keys":[{"kid":"k1","kty"')],
    ["keys twice", () => new Response('{"keys":[],"keys":[]}')],
    ["no keys", () => Response.json({ keys: [] })],
    ["a byte too many", () => new Response(`{"keys":[]}${" ".repeat(100 * 1024)}`)],
    [
      "an endless body",
      () =>
        new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4096)) })),
    ],
    [
      "a body that breaks off",
      () => new Response(new ReadableStream({ start: (controller) => controller.error(new Error("reset")) })),
    ],
    ["a body that never ends", slow],
    ["silence", () => new Promise<Response>(() => undefined)],
  ])("%s: unavailable, and the last good set goes on", async (_, answer) => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    expect(await ask("k1")).toBe("ok");
    issuer.answers.set(JWKS, answer);
    expect(await ask("k2", NOW + MINUTE)).toBe("issuer_keys_unavailable");
    expect(new Set(issuer.timeouts)).toEqual(new Set([3_000]));
    expect(await ask("k1", NOW + MINUTE)).toBe("ok");
  });
});

describe("time", () => {
  test("a warm isolate asks nobody: no fetch and no KV read", async () => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    await ask("k1");
    const before = [issuer.kv.reads, issuer.kv.writes];
    issuer.asked.length = 0;
    for (let second = 0; second <= 600; second += 50) expect(await ask("k1", NOW + second)).toBe("ok");
    expect(issuer.asked).toEqual([]);
    expect([issuer.kv.reads, issuer.kv.writes]).toEqual(before);
  });

  test("after ten minutes it fetches again behind the response, after an hour before it", async () => {
    const issuer = fakeIssuer();
    const { upstream, ask } = issuer.isolate();
    await ask("k1");
    issuer.publish("k2");
    const background: Promise<unknown>[] = [];
    const keyFor = (now: number) =>
      upstream.keyFor(
        allowedIssuer(),
        { alg: "RS256", kid: "k1" },
        { now, background: (work) => background.push(work) },
      );
    expect((await keyFor(NOW + 601)).ok).toBe(true);
    await Promise.all(background);
    expect((await keyFor(NOW + 602)).ok).toBe(false);

    const other = fakeIssuer();
    const isolate = other.isolate();
    await isolate.ask("k1");
    other.publish("k2");
    expect(await isolate.ask("k1", NOW + HOUR + 1)).toBe("signing_key_unknown");
  });

  test("a set is replaced, never merged", async () => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    await ask("k1");
    issuer.publish("k2");
    expect(await ask("k2", NOW + MINUTE)).toBe("ok");
    expect(await ask("k1", NOW + MINUTE)).toBe("signing_key_unknown");
  });

  test("unknown kids: one fetch a minute, whether it succeeds or fails", async () => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    await ask("k1");
    issuer.asked.length = 0;
    for (let second = 60; second < 180; second++)
      expect(await ask(`x${second}`, NOW + second)).toBe("signing_key_unknown");
    expect(issuer.asked).toHaveLength(4);
    issuer.down();
    issuer.asked.length = 0;
    for (let second = 180; second < 300; second++) {
      expect(await ask(`x${second}`, NOW + second)).toBe("issuer_keys_unavailable");
      expect(await ask("k1", NOW + second)).toBe("ok");
    }
    expect(issuer.asked).toHaveLength(2);
  });

  test("Retry-After of an unavailable issuer is what is left of the minute", async () => {
    const issuer = fakeIssuer();
    issuer.down();
    const { ask, upstream } = issuer.isolate();
    await ask("k1");
    const key = await upstream.keyFor(
      allowedIssuer(),
      { alg: "RS256", kid: "k1" },
      { now: NOW + 20, background: () => undefined },
    );
    expect(key.ok || key.error).toMatchObject({ code: "issuer_keys_unavailable", retryAfter: 40 });
  });

  test.each(["warm", "cold"])(
    "an hour of outage, %s isolate: known kids go on, one fetch a minute",
    async (kind) => {
      const issuer = fakeIssuer();
      const first = issuer.isolate();
      await first.ask("k1");
      issuer.down();
      issuer.asked.length = 0;
      const { ask } = kind === "warm" ? first : issuer.isolate();
      for (let second = 0; second <= HOUR; second += 10) {
        expect(await ask("k1", NOW + second)).toBe("ok");
        if (second >= 60) expect(await ask("unknown", NOW + second)).toBe("issuer_keys_unavailable");
      }
      expect(issuer.asked.length).toBeLessThanOrEqual(61);
    },
  );

  test("the last good set serves for a day, then no longer", async () => {
    const issuer = fakeIssuer();
    const warm = issuer.isolate();
    await warm.ask("k1");
    issuer.down();
    const cold = issuer.isolate();
    for (const { ask } of [warm, cold]) {
      expect(await ask("k1", NOW + 24 * HOUR)).toBe("ok");
      expect(await ask("k1", NOW + 24 * HOUR + MINUTE)).toBe("issuer_keys_unavailable");
    }
  });
});

describe("a clock that is set back", () => {
  const BACK = [-2 * MINUTE, -HOUR, -8 * 24 * HOUR, -365 * 24 * HOUR];

  test.each(BACK)("by %d s: the set is fetched again, and a withdrawn key is gone", async (seconds) => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    await ask("k1");
    issuer.publish("k2");
    expect(await ask("k1", NOW + seconds)).toBe("signing_key_unknown");
    expect(await ask("k2", NOW + seconds)).toBe("ok");
  });

  test.each([
    [-HOUR, "ok"],
    [-23 * HOUR, "ok"],
    [-25 * HOUR, "issuer_keys_unavailable"],
  ])("by %d s while the issuer is down: %s", async (seconds, code) => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    await ask("k1");
    issuer.down();
    expect(await ask("k1", NOW + seconds)).toBe(code);
  });

  test("by a moment, as between two requests that overlap: nobody is asked", async () => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    await ask("k1");
    issuer.asked.length = 0;
    expect(await ask("k1", NOW - 5)).toBe("ok");
    expect(issuer.asked).toEqual([]);
  });
});

describe("the copy in KV", () => {
  test("spares a cold isolate the fetch while it is young", async () => {
    const issuer = fakeIssuer();
    await issuer.isolate().ask("k1");
    issuer.asked.length = 0;
    expect(await issuer.isolate().ask("k1", NOW + 300)).toBe("ok");
    expect(issuer.asked).toEqual([]);
  });

  test("does not keep a cold isolate from finding a new key", async () => {
    const issuer = fakeIssuer();
    await issuer.isolate().ask("k1");
    issuer.publish("k1", "k2");
    expect(await issuer.isolate().ask("k2", NOW + 1)).toBe("ok");
  });

  test("is written when it differs or is old, not by every isolate", async () => {
    const issuer = fakeIssuer();
    for (let i = 0; i < 5; i++) await issuer.isolate().ask("unknown", NOW + i);
    expect(issuer.kv.writes).toBe(1);
    issuer.publish("k1", "k2");
    await issuer.isolate().ask("k2", NOW + 6);
    expect(issuer.kv.writes).toBe(2);
    await issuer.isolate().ask("k3", NOW + 6 + 1_800);
    expect(issuer.kv.writes).toBe(3);
  });

  test.each([
    "",
    "{",
    "[]",
    "{}",
    '{"fetchedAt":1}',
    '{"fetchedAt":"1","keys":[]}',
    '{"fetchedAt":99999999999,"keys":[]}',
  ])("that reads %j is no copy", async (text) => {
    const issuer = fakeIssuer();
    await issuer.isolate().ask("k1");
    for (const key of Object.keys(issuer.kv.texts)) {
      const copy = await issuer.mac.protect(key, { text, attributes: {} });
      for (const stored of [text, copy]) {
        issuer.kv.texts[key] = stored;
        expect(await issuer.isolate().ask("k1", NOW + 1)).toBe("ok");
        expect(issuer.kv.texts[key]).not.toBe(stored);
      }
    }
    expect(Object.keys(issuer.kv.texts)).toHaveLength(1);
    expect(issuer.refused).not.toContain("mac_invalid");
  });

  describe("which this exchange did not write", () => {
    const forgedSet = JSON.stringify({
      fetchedAt: NOW,
      keys: [publicJwk(rsaKey, { kid: "forged", alg: "RS256" })],
    });
    const FORGERIES: Readonly<Record<string, (stored: string) => string>> = {
      mac_missing: () => forgedSet,
      mac_invalid: (stored) => [stored.split("\n")[0], forgedSet].join("\n"),
    };

    test.each(Object.entries(FORGERIES))("is not used, and is reported: %s", async (reason, forge) => {
      const issuer = fakeIssuer();
      await issuer.isolate().ask("k1");
      for (const [key, stored] of Object.entries(issuer.kv.texts)) issuer.kv.texts[key] = forge(stored);
      const { ask, upstream } = issuer.isolate();
      expect(await ask("forged", NOW + 5)).toBe("signing_key_unknown");
      expect(issuer.refused).toEqual([reason]);
      expect(Object.values(issuer.kv.texts).join()).not.toContain("forged");
      expect(upstream.copyRefusedSince()).toBe(NOW + 5);
      await ask("unknown", NOW + 70);
      expect(upstream.copyRefusedSince()).toBeUndefined();
    });

    test("is not used where the issuer is down either", async () => {
      const issuer = fakeIssuer();
      await issuer.isolate().ask("k1");
      for (const key of Object.keys(issuer.kv.texts)) issuer.kv.texts[key] = forgedSet;
      issuer.down();
      expect(await issuer.isolate().ask("forged", NOW + 5)).toBe("issuer_keys_unavailable");
    });

    test("or which it wrote for another issuer's keys, is not used", async () => {
      const issuer = fakeIssuer();
      const two = allowedIssuer({
        id: "two",
        issuer: "https://two.example",
        keys: { from: "jwksURI", uri: JWKS },
      });
      await issuer.isolate().ask("k1");
      const [copy = ""] = Object.values(issuer.kv.texts);
      await issuer.isolate().ask("k1", NOW, two);
      for (const key of Object.keys(issuer.kv.texts)) issuer.kv.texts[key] = copy;
      issuer.down();
      expect(await issuer.isolate().ask("k1", NOW + 5)).toBe("ok");
      expect(await issuer.isolate().ask("k1", NOW + 5, two)).toBe("issuer_keys_unavailable");
      expect(issuer.refused).toEqual(["mac_invalid"]);
    });
  });

  test("from the future is no copy: it would never grow old", async () => {
    const issuer = fakeIssuer();
    await issuer.isolate().ask("k1", NOW + 9_999);
    issuer.down();
    expect(await issuer.isolate().ask("k1", NOW)).toBe("issuer_keys_unavailable");
    expect(await issuer.isolate().ask("k1", NOW + 10_000)).toBe("ok");
  });

  test("is no one's worry when KV is down", async () => {
    const issuer = fakeIssuer();
    issuer.kv.down = true;
    expect(await issuer.isolate().ask("k1")).toBe("ok");
  });
});

describe("requests at the same time", () => {
  test("share one fetch by its result, in a cold isolate and for a new key", async () => {
    const issuer = fakeIssuer();
    const { ask } = issuer.isolate();
    const together = (kid: string, now: number) =>
      Promise.all(Array.from({ length: 50 }, () => ask(kid, now)));
    expect(new Set(await together("k1", NOW))).toEqual(new Set(["ok"]));
    expect(issuer.asked).toHaveLength(2);
    issuer.publish("k1", "k2");
    expect(new Set(await together("k2", NOW + MINUTE))).toEqual(new Set(["ok"]));
    expect(issuer.asked).toHaveLength(4);
  });

  test("that are too many to wait are told to come back in a second", async () => {
    const issuer = fakeIssuer();
    const { promise, resolve } = Promise.withResolvers<Response>();
    issuer.answers.set(DISCOVERY, () => promise);
    const { upstream } = issuer.isolate();
    const ask = () =>
      upstream.keyFor(
        allowedIssuer(),
        { alg: "RS256", kid: "k1" },
        { now: NOW, background: () => undefined },
      );
    const waiting = Array.from({ length: 101 }, ask);
    expect(await ask()).toMatchObject({
      ok: false,
      error: { code: "issuer_keys_unavailable", retryAfter: 1 },
    });
    resolve(Response.json({ issuer: ISSUER, jwks_uri: JWKS }));
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true);
    expect((await ask()).ok).toBe(true);
  });
});

test("a fetch that failed behind a response is reported", async () => {
  const issuer = fakeIssuer();
  const { ask } = issuer.isolate();
  await ask("k1");
  issuer.answers.set(JWKS, () => new Response("{}", { status: 502 }));
  expect(await ask("k1", NOW + 601)).toBe("ok");
  expect(issuer.reports).toEqual(["ci: the address of the keys answered with status 502"]);
});

test("ages are by the issuer's id", async () => {
  const issuer = fakeIssuer();
  const { ask, upstream } = issuer.isolate();
  expect(upstream.ages(NOW)).toEqual([]);
  await ask("k1");
  expect(upstream.ages(NOW + 7)).toEqual([7]);
});

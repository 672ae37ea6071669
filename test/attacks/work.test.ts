import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { DENIALS } from "../../shared/denial.ts";
import { parseKeySet } from "../../shared/jwk/key-set.ts";
import { parseStrictObject } from "../../shared/strict/json.ts";
import { peek } from "../../shared/subject-token/peek.ts";
import { GRANT_TYPE, TOKEN_TYPE_JWT } from "../../shared/wire.ts";
import { readTokenRequest } from "../../worker/http/token-request.ts";
import { ALGORITHM_ATTACKS } from "./algorithms.ts";
import type { Arena, Sent } from "./arena.ts";
import type { Attack } from "./attack.ts";
import { CLAIM_ATTACKS } from "./claims.ts";
import { HEADER_ATTACKS } from "./headers.ts";
import { CI, ciToken, jobClaims } from "./issuers.ts";
import { KEY_ATTACKS, KEY_SETS } from "./keys.ts";
import { NAME_ATTACKS } from "./names.ts";
import { pipeline } from "./pipeline.ts";
import { SHAPE_ATTACKS } from "./shapes.ts";

const attacks = [
  ALGORITHM_ATTACKS,
  HEADER_ATTACKS,
  SHAPE_ATTACKS,
  CLAIM_ATTACKS,
  NAME_ATTACKS,
  KEY_ATTACKS,
].flat();

/** Codes that are decided before any key is touched. */
const BEFORE_KEYS = new Set([
  "token_too_large",
  "token_malformed",
  "token_header_refused",
  "token_algorithm_refused",
  "issuer_not_allowed",
  "signing_key_unknown",
]);

/** The last token that a row sends, for rows that need no Worker to make it. */
async function tokenOf(attack: Attack): Promise<string | undefined> {
  const sent: string[] = [];
  const arena = {
    canary: { url: "http://127.0.0.1:1" },
    send: async (token: string): Promise<Sent> => {
      sent.push(token);
      return {} as Sent;
    },
  } as unknown as Arena;
  await attack.send(arena).catch(() => undefined);
  return sent.at(-1);
}

const bench = pipeline(KEY_SETS);

beforeAll(async () => {
  // Keys are read and imported once, before anything is counted.
  for (const attack of attacks) {
    const token = await tokenOf(attack);
    if (token !== undefined) await bench.codeOf(token);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("the work that an attack can cause is counted", () => {
  test("two JSON texts, one signature, no import and no fetch at most, and no signature before its time", async () => {
    let judged = 0;
    for (const attack of attacks) {
      const token = await tokenOf(attack);
      if (token === undefined || attack.ends === "token_replayed") continue;
      const parse = vi.spyOn(JSON, "parse");
      const verify = vi.spyOn(crypto.subtle, "verify");
      const importKey = vi.spyOn(crypto.subtle, "importKey");
      const fetched = bench.fetched.length;

      expect([attack.name, await bench.codeOf(token)]).toEqual([attack.name, attack.ends]);
      expect(parse.mock.calls.length).toBeLessThanOrEqual(2);
      expect(parse.mock.calls.every(([text]) => text.length <= 16 * 1024)).toBe(true);
      expect(verify.mock.calls.length).toBeLessThanOrEqual(BEFORE_KEYS.has(attack.ends) ? 0 : 1);
      expect(importKey).not.toHaveBeenCalled();
      expect(bench.fetched.length).toBe(fetched);
      judged++;
      vi.restoreAllMocks();
    }
    expect(judged).toBeGreaterThan(350);
    expect(bench.reached.consume).toBe(0);
  });

  test("what is too large is not looked at", () => {
    const parse = vi.spyOn(JSON, "parse");
    const index = vi.spyOn(String.prototype, "indexOf");
    peek(".".repeat(1024 * 1024));
    expect([parse.mock.calls.length, index.mock.calls.length]).toEqual([0, 0]);
  });
});

describe("work grows with the size, never with its square", () => {
  const size = 2_000_000;
  const bytes = (text: string) => new TextEncoder().encode(text);
  test.each<[string, string]>([
    ["quotes that are escaped", `{"a":"${'\\"'.repeat(size / 2)}"}`],
    ["backslashes", `{"a":"${"\\\\".repeat(size / 2)}"}`],
    ["a string that never ends", `{"a":"${'\\"'.repeat(size / 2)}`],
    ["brackets", `{"a":${"[".repeat(size / 2)}${"]".repeat(size / 2)}}`],
    ["brackets that never close", `{"a":${"[".repeat(size)}`],
    ["members", `{${Array.from({ length: size / 20 }, (_, i) => `"m${i}":{"a":1}`).join()}}`],
    ["one member again and again", `{${'"a":1,'.repeat(size / 6)}"a":1}`],
    ["colons in a string", `{"a":"${":".repeat(size)}"}`],
    ["digits", `{"a":${"9".repeat(size)}}`],
    ["white space", `{${" ".repeat(size)}}`],
  ])("%s", (_, text) => {
    const started = performance.now();
    parseStrictObject(bytes(text), 1_000);
    // A square of two million would take an hour.
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("dots, and parts that are nearly base64url", () => {
    const started = performance.now();
    for (const text of [".", "A.", "A", "A=", "-_", "..A", "\u0100"])
      peek(text.repeat(Math.floor(16_384 / text.length)));
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("a hundred keys of every kind of nonsense", () => {
    const long = "A".repeat(5_000);
    const keys = Array.from({ length: 100 }, (_, i) => ({
      kid: `k${i % 7}`,
      kty: "RSA",
      n: long,
      e: long,
      x: long,
      key_ops: [long],
    }));
    const started = performance.now();
    expect(parseKeySet({ keys } as never, "sig").ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("any change of a good token", () => {
  const good = ciToken();
  const place = fc.nat({ max: good.length - 1 });
  const letter = fc.constantFrom(
    ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n%\u0000é",
  );
  const change = fc.oneof(
    fc.tuple(place, letter).map(([at, by]) => good.slice(0, at) + by + good.slice(at + 1)),
    fc.tuple(place, letter).map(([at, by]) => good.slice(0, at) + by + good.slice(at)),
    place.map((at) => good.slice(0, at) + good.slice(at + 1)),
    fc.tuple(place, place).map(([a, b]) => good.slice(0, Math.min(a, b)) + good.slice(Math.max(a, b) + 1)),
    fc
      .tuple(place, fc.string({ unit: "binary", maxLength: 8 }))
      .map(([at, text]) => good.slice(0, at) + text + good.slice(at)),
    place.map((at) => good.slice(at) + good.slice(0, at)),
  );

  test("is refused, whichever character it is", async () => {
    expect(await bench.codeOf(good)).toBe("signing_keys_unavailable");
    await fc.assert(
      fc.asyncProperty(change, async (token) => {
        fc.pre(token !== good);
        expect(await bench.codeOf(token)).not.toBe("signing_keys_unavailable");
      }),
      { numRuns: 3_000 },
    );
  });

  test("the last character of each part, in all its values", async () => {
    const ends = [good.indexOf(".") - 1, good.lastIndexOf(".") - 1, good.length - 1];
    for (const at of ends) {
      for (const by of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
        const token = good.slice(0, at) + by + good.slice(at + 1);
        if (token !== good) expect(await bench.codeOf(token)).not.toBe("signing_keys_unavailable");
      }
    }
  });
});

test("any claims that are well signed end with a known code or at the signer, and never throw", async () => {
  const names = fc.constantFrom("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "cnf", "__proto__", "x");
  const claims = fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(claims, async (changed) => {
      const code = await bench.codeOf(ciToken({}, JSON.stringify({ ...jobClaims(CI), ...changed })));
      expect(code).toMatch(/^[a-z_]+$/);
    }),
    { numRuns: 500 },
  );
});

test("any request is read or refused with a known code that quotes none of it, and never throws", async () => {
  const names = fc.constantFrom(
    "grant_type",
    "subject_token",
    "subject_token_type",
    "audience",
    "policy",
    "dry_run",
    "x",
  );
  const values = fc.oneof(
    fc.constant(GRANT_TYPE),
    fc.constant(TOKEN_TYPE_JWT),
    fc.string({ unit: "binary" }),
  );
  const form = fc
    .array(fc.tuple(names, values))
    .map((pairs) =>
      pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join("&"),
    );
  const body = fc.oneof(form, fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 500 }));
  const types = fc.constantFrom(
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
    "text/plain",
    "x",
  );
  await fc.assert(
    fc.asyncProperty(body, types, async (sent, type) => {
      const init = { method: "POST", body: sent as string, headers: { "content-type": type } };
      const read = await readTokenRequest(new Request("https://svid.example.org/token", init));
      if (read.ok) expect(read.value.subjectToken).not.toBe("");
      else {
        expect(Object.keys(DENIALS)).toContain(read.error.code);
        expect(read.error.detail).toMatch(/^[ -~]{10,160}$/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("any key set is read or refused, and never throws", () => {
  const bytes = fc.oneof(
    fc.json({ maxDepth: 5 }).map((text) => `{"keys":[${text}]}`),
    fc.json({ maxDepth: 5 }).map((text) => `{"keys":${text}}`),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(bytes, (text) => {
      const parsed = parseStrictObject(new TextEncoder().encode(text), 4_000);
      if (parsed.ok) expect(typeof parseKeySet(parsed.value, "sig").ok).toBe("boolean");
    }),
    { numRuns: 2_000 },
  );
});

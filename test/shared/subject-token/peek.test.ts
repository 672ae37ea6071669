import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { DENIALS } from "../../../shared/denial.ts";
import { peek } from "../../../shared/subject-token/peek.ts";
import { compact, encode, goodClaims, goodHeader, ISSUER, signingInput } from "./craft.ts";

const good = compact(goodHeader, goodClaims());
const [header = "", claims = "", signature = ""] = good.split(".");
const codeOf = (token: string) => {
  const peeked = peek(token);
  return peeked.ok ? "ok" : peeked.error.code;
};

test("reads issuer, algorithm and kid of a well-formed token", () => {
  const peeked = peek(good);
  expect(peeked.ok && peeked.value).toMatchObject({ issuer: ISSUER, alg: "RS256", kid: "k1" });
  expect(peeked.ok && Buffer.from(peeked.value.signingInput).toString()).toBe(`${header}.${claims}`);
});

describe("shape", () => {
  test.each([
    ["nothing", ""],
    ["no dots", "abc"],
    ["two parts", `${header}.${claims}`],
    ["four parts", `${good}.`],
    ["the five parts of a JWE", `${header}.AA.AA.AA.AA`],
    ["an empty header", `.${claims}.${signature}`],
    ["an empty claims set", `${header}..${signature}`],
    ["an empty signature", `${header}.${claims}.`],
    ["dots alone", "..."],
    ["a leading space", ` ${good}`],
    ["a trailing line break", `${good}\n`],
    ["padding", `${header}=.${claims}.${signature}`],
    ["the standard alphabet", `${header}.${claims}.${signature.replace(/^./, "+")}`],
    ["the JSON serialisation", JSON.stringify({ protected: header, payload: claims, signature })],
    ["a Bearer prefix", `Bearer ${good}`],
    ["a null character", `${good}\0`],
    ["a quoted token", `"${good}"`],
  ])("%s is malformed", (_, token) => {
    expect(codeOf(token)).toBe("token_malformed");
  });

  test("every non-canonical last character is malformed, the canonical one is not", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    // 256 bytes of signature: 342 characters, of whose last one only two bits count.
    const taken = [...alphabet].filter((last) => codeOf(good.slice(0, -1) + last) === "ok");
    expect(taken).toEqual(["A", "Q", "g", "w"]);
  });

  test("16 KiB are judged, one byte more is not", () => {
    expect(codeOf(".".repeat(16 * 1024))).toBe("token_malformed");
    expect(codeOf(".".repeat(16 * 1024 + 1))).toBe("token_too_large");
    expect(codeOf(".".repeat(1024 * 1024))).toBe("token_too_large");
    expect(codeOf(compact({ ...goodHeader, x: "x".repeat(2_000) }, goodClaims()))).toBe("token_malformed");
  });

  test.each([
    ["a header that is an array", encode("[]"), claims],
    ["a header that is no JSON", encode("{alg:RS256}"), claims],
    ["a header with a byte order mark", encode(`\ufeff${JSON.stringify(goodHeader)}`), claims],
    ["a header with alg twice", encode('{"alg":"RS256","kid":"k1","alg":"none"}'), claims],
    ["a header that is not UTF-8", encode(new Uint8Array([0x7b, 0xff, 0x7d])), claims],
    ["claims that are a string", header, encode('"x"')],
    ["claims with iss twice", header, encode('{"iss":"a","iss":"b"}')],
    ["claims that nest too deep", header, encode(`{"iss":"a","x":${"[".repeat(99)}${"]".repeat(99)}}`)],
    ["claims with two objects", header, encode("{}{}")],
  ])("%s: malformed", (_, ours, theirs) => {
    expect(codeOf(`${ours}.${theirs}.${signature}`)).toBe("token_malformed");
  });
});

describe("header", () => {
  const withHeader = (more: object) => codeOf(compact({ ...goodHeader, ...more }, goodClaims()));

  test.each(["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc", "cty"])(
    "%s is refused, whatever its value",
    (name) => {
      for (const value of [null, "", "JWT", true, [], {}])
        expect(withHeader({ [name]: value })).toBe("token_header_refused");
    },
  );

  test.each(["JWT", "jwt", "application/jwt", "application/JWT"])("typ %s is taken", (typ) => {
    expect(withHeader({ typ })).toBe("ok");
  });

  test.each(["at+jwt", "wit+jwt", "secevent+jwt", "JOSE", "", " JWT", "text/jwt", null, 1, ["JWT"], {}])(
    "typ %j is refused",
    (typ) => expect(withHeader({ typ })).toBe("token_header_refused"),
  );

  test.each([undefined, null, "", 1, true, ["k1"], {}, "k\n1", "k\u00001", "kй", "x".repeat(257)])(
    "kid %j is refused",
    (kid) => {
      expect(withHeader({ kid })).toBe("token_header_refused");
    },
  );

  test.each(["x".repeat(256), "../../etc/passwd", "' OR 1=1 --", "__proto__", "https://evil.example/jwks"])(
    "kid %s is only a name",
    (kid) => expect(withHeader({ kid })).toBe("ok"),
  );

  test.each([undefined, null, 1, ["RS256"], {}])("alg %j is refused", (alg) => {
    expect(withHeader({ alg })).toBe("token_header_refused");
  });

  test("typ may be absent, and x5t and unknown parameters are ignored (RFC 7515 §4)", () => {
    expect(
      codeOf(compact({ alg: "RS256", kid: "k1", x5t: "AA", "x5t#S256": "AA", other: {} }, goodClaims())),
    ).toBe("ok");
  });
});

test("iss must be there and be a string", () => {
  expect(codeOf(compact(goodHeader, goodClaims({ iss: undefined })))).toBe("token_claim_missing");
  for (const iss of [null, 1, true, [ISSUER], { iss: ISSUER }]) {
    expect(codeOf(compact(goodHeader, goodClaims({ iss })))).toBe("token_claim_invalid");
  }
});

test("no text makes it throw, and each refusal is a known one without any of the text", () => {
  const part = oneof(
    string(),
    string({ unit: "binary" }),
    constantFrom(header, claims, signature, "", encode("{}")),
  );
  const anyToken = array(part, { maxLength: 6 }).map((parts) => parts.join("."));
  assert(
    property(anyToken, (token) => {
      const peeked = peek(token);
      if (peeked.ok) return;
      expect(Object.keys(DENIALS)).toContain(peeked.error.code);
      expect(peeked.error.detail).toMatch(/^[ -~]{10,120}$/);
    }),
    { numRuns: 1_000 },
  );
  assert(
    property(string(), string(), (a, b) => {
      expect(["token_malformed", "token_header_refused"]).toContain(codeOf(`${signingInput(a, b)}.AA`));
    }),
  );
});

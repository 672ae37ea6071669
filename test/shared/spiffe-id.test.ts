import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSpiffeId, parseTrustDomain, segmentProblem, trustDomainOf } from "../../shared/spiffe-id.ts";

const TRUST_DOMAIN_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789._-";
const SEGMENT_CHARACTERS = `${TRUST_DOMAIN_CHARACTERS}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

const longest = (path: string) => `spiffe://example.org/${path}`.padEnd(2048, "a");

/** Each rule of the SPIFFE ID standard, and what libraries and SPIRE demand beyond it. */
const RULES: readonly { rule: string; good?: readonly string[]; bad?: Readonly<Record<string, RegExp>> }[] = [
  {
    rule: "SPIFFE-ID 2: the scheme is spiffe",
    good: ["spiffe://example.org/a"],
    bad: {
      "": /starts with spiffe:/,
      "https://example.org/a": /starts with spiffe:/,
      "spiffe:/example.org/a": /starts with spiffe:/,
      "example.org/a": /starts with spiffe:/,
      " spiffe://example.org/a": /starts with spiffe:/,
    },
  },
  {
    rule: "SPIFFE-ID 2.1: the trust domain is not empty",
    bad: { "spiffe://": /trust domain is empty/, "spiffe:///a": /trust domain is empty/ },
  },
  {
    rule: "SPIFFE-ID 2: no query and no fragment",
    bad: {
      "spiffe://example.org/a?b": /path segment may hold only/,
      "spiffe://example.org/a#b": /path segment may hold only/,
      "spiffe://example.org?a/b": /trust domain may hold only/,
      "spiffe://example.org#a/b": /trust domain may hold only/,
    },
  },
  {
    rule: "SPIFFE-ID 2.1: no user info and no port",
    bad: {
      "spiffe://user@example.org/a": /trust domain may hold only/,
      "spiffe://user:secret@example.org/a": /trust domain may hold only/,
      "spiffe://example.org:443/a": /trust domain may hold only/,
    },
  },
  {
    rule: "SPIFFE-ID 2.1: the host is lower case",
    bad: { "spiffe://Example.org/a": /trust domain may hold only/ },
  },
  {
    rule: "SPIFFE-ID 2.1: the host is not percent-encoded",
    bad: { "spiffe://example%2eorg/a": /trust domain may hold only/ },
  },
  {
    rule: "SPIFFE-ID 2.1: what looks like an address or like no DNS name is a name all the same",
    good: [
      "spiffe://127.0.0.1/a",
      "spiffe://.example.org/a",
      "spiffe://example..org/a",
      "spiffe://-x/a",
      "spiffe://_/a",
    ],
    bad: { "spiffe://[::1]/a": /trust domain may hold only/ },
  },
  {
    rule: "SPIFFE-ID 2.2: the path is not percent-encoded",
    bad: {
      "spiffe://example.org/a%2fb": /path segment may hold only/,
      "spiffe://example.org/%61": /path segment may hold only/,
    },
  },
  {
    rule: "SPIFFE-ID 2.2: no empty segment and no dot segment",
    good: ["spiffe://example.org/...", "spiffe://example.org/.x", "spiffe://example.org/..x/x.."],
    bad: {
      "spiffe://example.org//a": /segment is empty/,
      "spiffe://example.org/a//b": /segment is empty/,
      "spiffe://example.org/./a": /is '\.' or '\.\.'/,
      "spiffe://example.org/a/..": /is '\.' or '\.\.'/,
    },
  },
  {
    rule: "SPIFFE-ID 2.2: no trailing slash",
    bad: { "spiffe://example.org/a/": /segment is empty/, "spiffe://example.org/": /segment is empty/ },
  },
  {
    rule: "SPIFFE-ID 2.2: a segment holds letters, digits, '.', '-' and '_' only",
    bad: {
      "spiffe://example.org/repo:o": /path segment may hold only/,
      "spiffe://example.org/w@refs": /path segment may hold only/,
      "spiffe://example.org/a+b": /path segment may hold only/,
      "spiffe://example.org/~a": /path segment may hold only/,
      "spiffe://example.org/ä": /path segment may hold only/,
      "spiffe://example.org/a\n": /path segment may hold only/,
    },
  },
  {
    rule: "SPIFFE-ID 2.3: an ID has up to 2048 bytes",
    good: [longest("")],
    bad: { [`${longest("")}a`]: /longer than 2048 bytes/ },
  },
  {
    rule: "SPIFFE-ID 2.3: a trust domain has up to 255 bytes",
    good: [`spiffe://${"a".repeat(255)}/a`],
    bad: { [`spiffe://${"a".repeat(256)}/a`]: /longer than 255 bytes/ },
  },
  {
    rule: "SPIFFE-ID 2.4: only the canonical form is taken, and the path is case-sensitive",
    good: ["spiffe://example.org/A", "spiffe://example.org/a"],
    bad: { "SPIFFE://example.org/a": /starts with spiffe:/ },
  },
  {
    rule: "a workload has a path; the bare trust domain (SPIFFE-ID 3.1) is the signing authority's own ID",
    bad: { "spiffe://example.org": /needs a path/ },
  },
  {
    rule: "the path /spire is SPIRE's own",
    good: ["spiffe://example.org/spiremint", "spiffe://example.org/a/spire", "spiffe://example.org/SPIRE"],
    bad: {
      "spiffe://example.org/spire": /reserved by SPIRE/,
      "spiffe://example.org/spire/agent/x": /reserved by SPIRE/,
    },
  },
];

describe.each(RULES)("$rule", ({ good = [], bad = {} }) => {
  test.each(good.map((id) => [id]))("takes %s", (id) => {
    expect(parseSpiffeId(id)).toEqual({ ok: true, value: id });
  });
  test.each(Object.entries(bad))("refuses %j", (id, reason) => {
    const parsed = parseSpiffeId(id);
    expect(parsed.ok).toBe(false);
    expect(parsed).toHaveProperty("error", expect.stringMatching(reason));
  });
});

describe("every byte", () => {
  test("as a character of the trust domain", () => {
    for (const character of BYTES) {
      const expected = TRUST_DOMAIN_CHARACTERS.includes(character);
      expect(parseTrustDomain(`a${character}b`).ok, JSON.stringify(character)).toBe(expected);
      const asAuthority = character !== "/" && expected;
      expect(parseSpiffeId(`spiffe://a${character}/w`).ok, JSON.stringify(character)).toBe(asAuthority);
    }
  });

  test("as a character of a path segment", () => {
    for (const character of BYTES) {
      const expected = SEGMENT_CHARACTERS.includes(character);
      expect(segmentProblem(`a${character}b`) === undefined, JSON.stringify(character)).toBe(expected);
      const splits = character === "/";
      expect(parseSpiffeId(`spiffe://td/a${character}b`).ok, JSON.stringify(character)).toBe(
        expected || splits,
      );
    }
  });
});

test("characters beyond one byte count as what they are, never as bytes that fit", () => {
  for (const text of ["é", "ａ", "\u{1F511}", "\u2024", "\ud800"]) {
    expect(parseTrustDomain(text).ok).toBe(false);
    expect(segmentProblem(text)).toBeDefined();
  }
});

test("a parsed ID gives back its trust domain", () => {
  const name = fc.string({ unit: fc.constantFrom(...TRUST_DOMAIN_CHARACTERS), minLength: 1, maxLength: 255 });
  const segment = fc
    .string({ unit: fc.constantFrom(...SEGMENT_CHARACTERS), minLength: 1, maxLength: 20 })
    .filter((text) => text !== "." && text !== ".." && text !== "spire");
  fc.assert(
    fc.property(name, fc.array(segment, { minLength: 1, maxLength: 5 }), (trustDomain, segments) => {
      const parsed = parseSpiffeId(`spiffe://${trustDomain}/${segments.join("/")}`);
      expect(parsed.ok && trustDomainOf(parsed.value)).toBe(trustDomain);
    }),
  );
});

import { describe, expect, test } from "vitest";
import { thumbprint } from "../../worker/keys/jwk.ts";
import { decodeRing, encodeRing } from "../../worker/keys/store.ts";

const NOW = 1_795_341_600;
const EC = {
  kty: "EC",
  crv: "P-256",
  x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
} as const;
const RSA = { kty: "RSA", n: "AQAB", e: "AQAB" } as const;
const times = { publishAt: NOW, activateAt: NOW, signUntil: NOW + 60, verifyUntil: NOW + 120 };
const SECRET = { kek: "k1", iv: "aXY", box: "c2VjcmV0" };

const ring = () => ({
  sequence: NOW,
  bundleSequence: NOW,
  rotateEverySeconds: 604_800,
  keys: [
    { kid: thumbprint(EC), algorithm: "ES256" as const, publicJwk: EC, secret: SECRET, ...times },
    { kid: thumbprint(RSA), algorithm: "RS256" as const, publicJwk: RSA, secret: null, ...times },
  ],
});

type Stored = Record<string, unknown> & { keys: Record<string, unknown>[] };
function decodeChanged(change: (stored: Stored) => void) {
  const stored = JSON.parse(encodeRing(ring())) as Stored;
  change(stored);
  return decodeRing(JSON.stringify(stored), NOW);
}
const firstKey = (change: (key: Record<string, unknown>) => void) => (stored: Stored) =>
  change(stored.keys[0] ?? {});

test("a ring is read as it was written", () => {
  expect(decodeRing(encodeRing(ring()), NOW)).toEqual({ ok: true, value: ring() });
});

describe("a stored ring is refused", () => {
  test.each<[string, (stored: Stored) => void, string]>([
    [
      "with another version",
      (stored) => Object.assign(stored, { version: 2 }),
      "version is not as this version writes it",
    ],
    ["without its sequence", (stored) => delete stored["sequence"], "ring is not as this version writes it"],
    [
      "with an unknown member",
      (stored) => Object.assign(stored, { more: 1 }),
      "more is not as this version writes it",
    ],
    [
      "with a sequence that is text",
      (stored) => Object.assign(stored, { sequence: "1" }),
      "sequence is not as this version writes it",
    ],
    [
      "with a time before 1970",
      firstKey((key) => Object.assign(key, { signUntil: -1 })),
      "keys.0.signUntil is not as this version writes it",
    ],
    [
      "with a fraction of a second",
      firstKey((key) => Object.assign(key, { verifyUntil: 1.5 })),
      "keys.0.verifyUntil is not as this version writes it",
    ],
    [
      "without keys",
      (stored) => Object.assign(stored, { keys: [] }),
      "keys is not as this version writes it",
    ],
    [
      "with a private member",
      firstKey((key) => Object.assign(key, { publicJwk: { ...EC, d: "AQAB" } })),
      "keys.0.publicJwk.d is not as this version writes it",
    ],
    [
      "with a key of another curve",
      firstKey((key) => Object.assign(key, { publicJwk: { ...EC, crv: "P-384" } })),
      "keys.0.publicJwk.crv is not as this version writes it",
    ],
    [
      "with a symmetric key",
      firstKey((key) => Object.assign(key, { publicJwk: { kty: "oct", k: "AQAB" } })),
      "keys.0.publicJwk.k is not as this version writes it",
    ],
    [
      "with a secret that is text",
      firstKey((key) => Object.assign(key, { secret: "c2VjcmV0" })),
      "keys.0.secret is not as this version writes it",
    ],
    [
      "with half a secret",
      firstKey((key) => Object.assign(key, { secret: { kek: "k1", iv: "aXY" } })),
      "keys.0.secret is not as this version writes it",
    ],
    [
      "with an unknown algorithm",
      firstKey((key) => Object.assign(key, { algorithm: "HS256" })),
      "keys.0.algorithm is not as this version writes it",
    ],
    [
      "with a kid that is another key's",
      firstKey((key) => Object.assign(key, { kid: thumbprint(RSA) })),
      "a kid is not its key's thumbprint",
    ],
    [
      "with the other algorithm",
      firstKey((key) => Object.assign(key, { algorithm: "RS256" })),
      "a key is not of its algorithm",
    ],
    ["with a key twice", (stored) => stored.keys.push(stored.keys[0] ?? {}), "a kid is there twice"],
    [
      "from the future",
      (stored) => Object.assign(stored, { sequence: NOW + 100_000 }),
      "its sequence is ahead of the clock",
    ],
  ])("%s", (_, change, problem) => {
    expect(decodeChanged(change)).toEqual({ ok: false, error: problem });
  });

  test.each(["", "null", "[]", "{", "7"])("that is %j", (text) => {
    expect(decodeRing(text, NOW).ok).toBe(false);
  });

  test("without any of its values in the reason", () => {
    const refused = decodeChanged(firstKey((key) => Object.assign(key, { secret: "top-secret" })));
    expect(JSON.stringify(refused)).not.toContain("top-secret");
  });
});

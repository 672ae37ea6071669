import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { SvidAlgorithm } from "../../../../shared/svid.ts";
import type { KeySettings } from "../../../../worker/signing/ring/ring.ts";
import { decodeRing, encodeRing } from "../../../../worker/signing/ring/ring-codec.ts";
import { DAY, deployment, HOUR, KEK, legacyStorage, OTHER_KEK, SETTINGS, START } from "../deployment.ts";

/** What this version wrote once, sealed with `KEK`. If it must ever change, read the former one too. */
const WRITTEN = JSON.stringify(
  JSON.parse(readFileSync("test/worker/signing/ring/ring-version-1.json", "utf8")),
);

/** The same ring as this version wrote it to KV once, with its MAC. */
const WRITTEN_COPY = `${readFileSync("test/worker/signing/ring/ring-copy-version-1.txt", "utf8").trimEnd()}\n${WRITTEN}`;

const BOTH: readonly SvidAlgorithm[] = ["ES256", "RS256"];
const FIRST_KIDS = JSON.parse(WRITTEN).keys.map(({ kid }: { kid: string }) => kid) as string[];

describe("a ring that this version wrote", () => {
  test("is read, signs, and is written the same", async () => {
    const ring = decodeRing(WRITTEN);
    expect(ring.ok && encodeRing(ring.value)).toBe(WRITTEN);
    const world = Object.assign(deployment(), { kv: WRITTEN_COPY, keeperDown: true });
    for (const algorithm of BOTH) {
      const signer = await world.reader().signer(algorithm, SETTINGS, world.at(START + HOUR));
      expect(signer.ok && FIRST_KIDS.includes(signer.value.kid)).toBe(true);
    }
  });

  const changes: readonly [string, Partial<KeySettings>][] = [
    ["a shorter rotation", { rotateEverySeconds: 5 * HOUR }],
    ["a longer rotation", { rotateEverySeconds: 90 * DAY }],
    ["one algorithm", { algorithms: ["ES256"] }],
    ["the other algorithm", { algorithms: ["RS256"] }],
    ["the algorithms in another order", { algorithms: ["RS256", "ES256"] }],
    ["a revoked key", { revoked: new Set(FIRST_KIDS.slice(0, 1)) }],
    ["a revoked kid that it never had", { revoked: new Set(["k".repeat(43)]) }],
  ];

  test.each(changes)("is read after a change to %s, and what that makes is read again", async (_, change) => {
    const settings = { ...SETTINGS, ...change };
    const world = Object.assign(deployment(), legacyStorage(WRITTEN));
    for (const time of [START + DAY, START + DAY + HOUR]) {
      await world.advance(settings, time);
      expect(decodeRing(world.kv?.split("\n")[1] ?? "").ok).toBe(true);
      for (const algorithm of settings.algorithms) {
        const signer = await world.reader().signer(algorithm, settings, world.at(time));
        expect(signer.ok && signer.value.algorithm).toBe(algorithm);
      }
    }
  });

  test("is read during and after a change of the sealing key", async () => {
    const world = Object.assign(deployment({ current: OTHER_KEK, previous: KEK }), {
      kv: WRITTEN_COPY,
    });
    await world.advance(SETTINGS, START + DAY);
    await world.advance(SETTINGS, START + DAY + 2 * HOUR);
    world.secrets = { current: OTHER_KEK };
    const signer = await world.reader().signer("ES256", SETTINGS, world.at(START + DAY + 2 * HOUR));
    expect(signer.ok && FIRST_KIDS.includes(signer.value.kid)).toBe(true);
  });
});

describe("a value that this version does not write is not a ring", () => {
  const ring = JSON.parse(WRITTEN);
  const [key] = ring.keys;
  const withKey = (change: object): object => ({ ...ring, keys: [{ ...key, ...change }] });
  test.each([
    ["no JSON", "{", "it is not JSON"],
    ["another version", { ...ring, version: 2 }, "version is not as this version writes it"],
    ["no keys", { ...ring, keys: [] }, "keys is not as this version writes it"],
    ["an unknown member", { ...ring, more: 1 }, "more is not as this version writes it"],
    ["a key twice", { ...ring, keys: [key, key] }, "a kid is there twice"],
    ["a kid that is no thumbprint", withKey({ kid: "other" }), "a kid is not its key's thumbprint"],
    ["a key of another algorithm", withKey({ algorithm: "RS256" }), "a key is not of its algorithm"],
    [
      "a private member",
      withKey({ publicJwk: { ...key.publicJwk, d: "AA" } }),
      "keys.0.publicJwk.d is not as",
    ],
    ["a time that is none", withKey({ signUntil: 1.5 }), "keys.0.signUntil is not as this version writes it"],
    [
      "a sequence that no number counts up from",
      { ...ring, sequence: 2 ** 53 },
      "sequence is not as this version",
    ],
  ])("%s", (_, value, problem) => {
    const read = decodeRing(typeof value === "string" ? value : JSON.stringify(value));
    expect(read.ok ? "read" : read.error).toContain(problem);
  });
});

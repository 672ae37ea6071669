import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../../shared/duration.ts";
import { SUBJECT_TOKEN_ALGORITHMS } from "../../../../shared/jws-algorithms.ts";
import { allowedAlgorithm } from "../../../../shared/subject-token/signing-key.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { storedText } from "../../../../shared/trust/document/stored.ts";
import { configVersion } from "../../../../shared/trust/document/version.ts";
import { parseTrustYaml } from "../../../../shared/trust/document/yaml.ts";
import { BASE } from "../base-document.ts";

const parsed = parseTrustYaml(BASE);
if (!parsed.ok) throw new Error("the base is good");

describe("the stored document", () => {
  test("compiles to the same configuration, without its tests", () => {
    const { tests, ...stored } = parsed.value.value as Record<string, unknown>;
    expect(tests).toBeDefined();
    expect(JSON.parse(storedText(parsed.value.value))).toEqual(stored);
    expect(compileTrust(JSON.parse(storedText(parsed.value.value))).ok).toBe(true);
  });

  test("has the start of its SHA-256 as its version", () => {
    const text = storedText(parsed.value.value);
    expect(configVersion(text)).toBe(createHash("sha256").update(text).digest("hex").slice(0, 16));
    expect(configVersion(`${text} `)).not.toBe(configVersion(text));
  });
});

test("entries stand where an editor shows them", () => {
  const { positionOf } = parsed.value;
  expect(positionOf([])).toEqual({ line: 1, column: 1 });
  expect(positionOf(["svid", "ttl"])).toEqual({ line: 4, column: 8 });
  expect(positionOf(["policies", 1])).toEqual({ line: 19, column: 5 });
  expect(positionOf(["policies", 0, "match", "jwt.claim.ref"])).toEqual({ line: 16, column: 7 });
  expect(positionOf(["policies", 0, "nowhere", 3])).toEqual({ line: 12, column: 5 });
});

test.each([
  ["30s", 30],
  ["5m", 300],
  ["1h", 3_600],
  ["7d", 604_800],
  ["0s", 0],
])("the duration %s is %i seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
  expect(formatDuration(seconds)).toBe(text);
});

test.each(["", "5", "m", "5 m", "05m", "-5m", "1.5h", "5M", "1h30m", "5m\n", "9999999999s", "5ms"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test("every algorithm that a document may name is one that the Worker can verify", () => {
  const document = structuredClone(parsed.value.value) as { allowedIssuers: Record<string, unknown>[] };
  Object.assign(document.allowedIssuers[1] ?? {}, { algorithms: SUBJECT_TOKEN_ALGORITHMS });
  const compiled = compileTrust(document);
  const issuer = compiled.ok ? compiled.value.issuers.get("https://gitlab.corp.example.org") : undefined;
  if (issuer === undefined) throw new Error("the issuer is lost");
  for (const name of SUBJECT_TOKEN_ALGORITHMS)
    expect(allowedAlgorithm({ alg: name }, issuer), name).toMatchObject({ ok: true });
});

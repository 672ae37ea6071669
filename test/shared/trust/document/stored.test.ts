import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
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

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileTrust } from "../../shared/trust/compile/trust.ts";
import { parseTrustYaml } from "../../shared/trust/document/yaml.ts";
import { lintTrust } from "../../shared/trust/lint/lint.ts";
import { runDocumentTests } from "../../shared/trust/tools/document-tests.ts";

test("the repository's own trust.yaml is good, warns of nothing, and passes its tests", () => {
  const parsed = parseTrustYaml(readFileSync("trust.yaml", "utf8"));
  const compiled = parsed.ok ? compileTrust(parsed.value.value) : parsed;
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  expect(lintTrust(compiled.value).filter(({ severity }) => severity !== "note")).toEqual([]);
  const report = runDocumentTests(compiled.value);
  expect(report.results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(report.untested).toEqual([]);
});

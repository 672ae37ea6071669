import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseTrustYaml } from "../../shared/trust/document/yaml.ts";
import { lintTrust } from "../../shared/trust/lint/lint.ts";
import { checkDocument } from "../../shared/trust/tools/check-document.ts";
import { runDocumentTests } from "../../shared/trust/tools/document-tests.ts";

test("the repository's own trust.yaml is good, warns of nothing, and passes its tests", async () => {
  const parsed = parseTrustYaml(readFileSync("trust.yaml", "utf8"));
  const checked = parsed.ok ? await checkDocument(parsed.value.value) : parsed;
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  expect(lintTrust(checked.value.config).filter(({ severity }) => severity !== "note")).toEqual([]);
  const report = runDocumentTests(checked.value);
  expect(report.results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(report.untested).toEqual([]);
});

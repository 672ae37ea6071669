import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { applicationShape } from "../../shared/trust/document/application-shape.ts";
import { lintTrust } from "../../shared/trust/lint/lint.ts";
import { checkDocument } from "../../shared/trust/tools/check-document.ts";
import { runDocumentTests } from "../../shared/trust/tools/document-tests.ts";

const page = readFileSync("docs/reference/applications.md", "utf8");

test("the document at the top compiles, passes its tests, and has no finding", async () => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const checked = await checkDocument(parse(yaml));
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  const report = runDocumentTests(checked.value);
  expect(report.results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(report).toMatchObject({ passed: true, untested: [], untestedApplications: [] });
  expect(report.results.length).toBe(3);
  expect(lintTrust(checked.value.config)).toEqual([]);
});

test("every entry of an application has its row", () => {
  const [, section = ""] = page.split("## Entries\n");
  const rows = [...(section.split("\n## ")[0]?.matchAll(/^\| `([a-zA-Z.]+)`/gm) ?? [])].map(
    ([, name]) => name,
  );
  expect(rows).toEqual(namesOf(applicationShape, ["assertion", "rewrite"]));
});

/** The entries of a shape, with those of the objects in it that are named. */
function namesOf({ form }: typeof applicationShape, opened: readonly string[]): readonly string[] {
  if (form?.kind !== "object") throw new Error("not an object");
  return Object.entries(form.fields).flatMap(([name, field]) =>
    opened.includes(name) && field.form?.kind === "object"
      ? Object.keys(field.form.fields).map((inner) => `${name}.${inner}`)
      : [name],
  );
}

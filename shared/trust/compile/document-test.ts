import type { JsonObject } from "../../json.ts";
import type { Path } from "../../shape.ts";
import { testShape } from "../document/test-shape.ts";
import type { DocumentTest } from "../model/document-test.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { unique } from "./unique.ts";

/** Compiles `tests`. Whether a fixture exists is judged when the test is run: the exchange knows no fixtures. */
export function compileTests(
  entries: readonly unknown[],
  issuerIds: readonly string[],
  report: Report,
): readonly DocumentTest[] {
  const once = unique("name", report);
  return entries.flatMap((entry, index) => {
    const at = ["tests", index];
    const test = compileTest(entry, issuerIds, at, report);
    if (test !== undefined) once(test.name, [...at, "name"]);
    return test ?? [];
  });
}

function compileTest(
  input: unknown,
  issuerIds: readonly string[],
  at: Path,
  report: Report,
): DocumentTest | undefined {
  const entry = testShape.read(input, at, report);
  if (entry === undefined) return undefined;
  if (!issuerIds.includes(entry.issuer)) {
    const message = `allowedIssuers has no id ${entry.issuer}; write ${issuerIds.join(" or ")}`;
    report(errorAt([...at, "issuer"], "reference", message));
  }
  const { denied, ...granted } = entry.expect;
  if (denied !== undefined && Object.keys(granted).length > 0) {
    const message = "expect has denied and also members of a grant; keep one of the two";
    report(errorAt([...at, "expect"], "contradiction", message));
  }
  const { claims, ...rest } = entry;
  // Any JSON value may stand for a claim, so what the shape read is JSON.
  return claims === undefined ? rest : { ...rest, claims: Object.fromEntries(claims) as JsonObject };
}

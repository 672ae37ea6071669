import type { Path } from "../../shape.ts";
import type { ApplicationRule, HeaderTemplate, SvidTemplate } from "../model/application.ts";
import { foldedHeaderName, headerValueProblem } from "../model/header.ts";
import { errorAt, type Report } from "../model/problem.ts";
import type { HeaderAttribute } from "../model/svid-attribute.ts";
import { isPlaceholder } from "../model/template.ts";
import { unique } from "./unique.ts";

/** The headers of an application. */
interface HeaderSet {
  /** That of `assertion`, where it has one of its own. */
  readonly own: HeaderTemplate | undefined;
  readonly rewritten: readonly HeaderTemplate[];
}

/** Refuses a header that is there twice, a trait that no rule gives, and an application that would get no assertion. */
export function checkHeaderSet(
  { own, rewritten }: HeaderSet,
  rules: readonly ApplicationRule[],
  at: Path,
  report: Report,
): void {
  const once = unique("header", report);
  if (own !== undefined) once(foldedHeaderName(own.name), [...at, "assertion", "header"]);
  rewritten.forEach((header, index) => {
    const path = [...at, "rewrite", "headers", index];
    once(foldedHeaderName(header.name), path);
    checkTraits(header, rules, path, report);
  });
  const carriesAssertion = rewritten.some((header) =>
    attributesOf(header).some(({ kind }) => kind === "assertion"),
  );
  if (own === undefined && !carriesAssertion) {
    const message =
      "no header carries the assertion; remove header, or add {{ internal.jwt }} to a header of rewrite";
    report(errorAt([...at, "assertion", "header"], "contradiction", message));
  }
}

/** Judges the traits of a header as far as no caller's value can change them. */
function checkTraits(
  header: HeaderTemplate,
  rules: readonly ApplicationRule[],
  at: Path,
  report: Report,
): void {
  for (const attribute of attributesOf(header)) {
    if (attribute.kind !== "trait") continue;
    const given = rules.flatMap(({ traits }) => traits.filter(({ name }) => name === attribute.trait));
    if (given.length === 0) {
      const message = `no rule gives the trait ${attribute.trait}; add it to the traits of a rule`;
      report(errorAt(at, "reference", message));
    }
    const constants = given.flatMap(({ values }) => values.flatMap(constantOf));
    const problem = constants.map(headerValueProblem).find((one) => one !== undefined);
    if (problem !== undefined) {
      const message = `a value of the trait ${attribute.trait} ${problem}; write another value`;
      report(errorAt(at, "header", message));
    }
  }
}

function constantOf(template: SvidTemplate): readonly string[] {
  return template.some(isPlaceholder)
    ? []
    : [template.map((part) => (part.kind === "text" ? part.text : "")).join("")];
}

function attributesOf({ parts }: HeaderTemplate): readonly HeaderAttribute[] {
  return parts.filter(isPlaceholder).map(({ attribute }) => attribute);
}

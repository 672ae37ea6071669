import { err, ok, type Result } from "../../result.ts";
import type { Path } from "../../shape.ts";
import type { HeaderTemplate } from "../model/application.ts";
import { foldedHeaderName, isReservedHeader } from "../model/header.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { isPath, isPlaceholder } from "../model/template.ts";
import type { ApplicationParsers } from "./parsers.ts";

/** RFC 9110 §5.1, without `_` and the other signs that servers fold or drop. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/;
/** What every server takes as a field value (RFC 9110 §5.5). */
const VALUE = /^[\x20-\x7e]*$/;

const NO_HEADER = 'this is not a header; write one such as "X-Team: {{ external.team }}"';

/** @returns what is wrong with the name of a header that the gateway sets, and what to write. */
export function headerNameProblem(name: string): string | undefined {
  if (!NAME.test(name))
    return `${JSON.stringify(name)} is not the name of a header; write letters, digits and dashes`;
  return isReservedHeader(foldedHeaderName(name))
    ? `${name} belongs to HTTP, to Cloudflare or to the gateway; write another header`
    : undefined;
}

/** Compiles the headers of `rewrite`. */
export function compileHeaders(
  lines: readonly string[],
  parsers: ApplicationParsers,
  at: Path,
  report: Report,
): readonly HeaderTemplate[] {
  return lines.flatMap((line, index) => {
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1).trim()];
    if (colon === -1 || value === "") return refuse(index, "header", NO_HEADER);
    const problem = headerNameProblem(name);
    if (problem !== undefined) return refuse(index, "header", problem);
    const parts = parsers.header(value);
    if (!parts.ok) return refuse(index, "template", parts.error);
    const template = judged({ name, position: index, parts: parts.value });
    return template.ok ? [template.value] : refuse(index, "header", template.error);
  });

  function refuse(index: number, rule: "header" | "template", message: string): [] {
    report(errorAt([...at, index], rule, message));
    return [];
  }
}

/** Judges everything about a header that no value can change. */
function judged(template: HeaderTemplate): Result<HeaderTemplate, string> {
  const { parts } = template;
  const placeholders = parts.filter(isPlaceholder);
  if (parts.some((part) => part.kind === "text" && !VALUE.test(part.text)))
    return err("the value of a header may hold only printable ASCII; write other characters");
  if (parts.some(isPath)) return err("the filter path is for spiffeId alone; remove it here");
  if (placeholders.some(({ attribute, filters }) => attribute.kind === "assertion" && filters.length > 0))
    return err("a filter would break the assertion; remove the filters of internal.jwt");
  if (placeholders.filter(({ attribute }) => attribute.kind === "trait").length > 1)
    return err("a header can hold one trait, whose values each make a header; write a header for each trait");
  return ok(template);
}

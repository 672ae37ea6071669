import { didYouMean } from "../../nearest-word.ts";
import { err, ok, type Result } from "../../result.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import { FILTERS, type FilterName, isFilterName } from "../model/filter.ts";
import type { Placeholder, TemplatePart } from "../model/template.ts";
import type { ScanAttribute } from "./attribute-path.ts";

const OPEN = "{{";
const CLOSE = "}}";
const SPACE = /\s*/y;
const FILTER = /\s*\|\s*([A-Za-z]*)/y;

/**
 * Compiles `text {{ attribute | filter }} text`. `{{ trustDomain }}` becomes the trust domain's text.
 *
 * @param scan which attributes there are.
 * @returns the parts, no two texts next to each other; or what is wrong and what to write.
 */
export function compileTemplate<A extends { readonly name: string }>(
  template: string,
  trustDomain: TrustDomain,
  scan: ScanAttribute<A>,
): Result<readonly TemplatePart<A>[], string> {
  const parts: TemplatePart<A>[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf(OPEN, at);
    const text = template.slice(at, open === -1 ? undefined : open);
    if (text.includes(CLOSE)) return err("a }} has no {{ before it; write {{ attribute }}");
    pushText(parts, text);
    if (open === -1) break;
    const placeholder = compilePlaceholder(template, open + OPEN.length, scan);
    if (!placeholder.ok) return placeholder;
    if (placeholder.value.part === "trustDomain") pushText(parts, trustDomain);
    else parts.push(placeholder.value.part);
    at = placeholder.value.end;
  }
  return ok(parts);
}

function pushText(parts: TemplatePart<unknown>[], text: string): void {
  const last = parts.at(-1);
  if (text === "") return;
  if (last?.kind === "text") parts[parts.length - 1] = { kind: "text", text: last.text + text };
  else parts.push({ kind: "text", text });
}

function compilePlaceholder<A extends { readonly name: string }>(
  template: string,
  start: number,
  scan: ScanAttribute<A>,
): Result<{ part: Placeholder<A> | "trustDomain"; end: number }, string> {
  const name = skip(SPACE, template, start);
  if (/^trustDomain\s*\}\}/.test(template.slice(name, name + 60))) {
    return ok({ part: "trustDomain", end: template.indexOf(CLOSE, name) + CLOSE.length });
  }
  const scanned = scan(template, name);
  if (!scanned.ok) return err(`in the template, ${scanned.error}`);
  const { attribute, end } = scanned.value;
  const { filters, end: afterFilters } = scanFilters(template, end);
  const close = skip(SPACE, template, afterFilters);
  if (!template.startsWith(CLOSE, close)) {
    return err(
      `the placeholder of ${attribute.name} does not end with }}; write {{ attribute }} or {{ attribute | filter }}`,
    );
  }
  const chain = checkChain(filters);
  return chain.ok
    ? ok({ part: { kind: "placeholder", attribute, filters: chain.value }, end: close + CLOSE.length })
    : chain;
}

function scanFilters(template: string, start: number): { filters: string[]; end: number } {
  const filters: string[] = [];
  let end = start;
  FILTER.lastIndex = end;
  for (let match = FILTER.exec(template); match !== null; match = FILTER.exec(template)) {
    filters.push(match[1] ?? "");
    end = FILTER.lastIndex;
  }
  return { filters, end };
}

/** `lower` may come first; `path`, `enc` or `hash` may come last. Any other order would lose what `enc` and `hash` keep. */
function checkChain(names: readonly string[]): Result<readonly FilterName[], string> {
  const known = Object.keys(FILTERS);
  const unknown = names.find((name) => !isFilterName(name));
  if (unknown !== undefined) {
    return err(
      `${JSON.stringify(unknown)} is not a filter${didYouMean(unknown, known) || `; write one of ${known.join(", ")}`}`,
    );
  }
  const filters = names.filter(isFilterName);
  const last = filters[0] === "lower" ? filters.slice(1) : filters;
  if (last.length > 1 || last[0] === "lower") {
    return err(
      `the filters ${filters.join(" | ")} cannot be combined; write lower first, then one of path, enc and hash`,
    );
  }
  return ok(filters);
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}

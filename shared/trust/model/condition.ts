import { type Glob, matchesGlob } from "../../glob.ts";
import type { Attribute } from "./attribute.ts";
import { type Attributes, attributeValue, canonicalScalar, elementsOf } from "./attributes.ts";

/** What one attribute must be. A missing attribute passes `{exists: false}` and nothing else. */
export type Test =
  | AnyOf
  | { readonly kind: "none-of"; readonly literals: ReadonlySet<string>; readonly globs: readonly Glob[] }
  | { readonly kind: "exists"; readonly expected: boolean };

export interface AnyOf {
  readonly kind: "any-of";
  readonly literals: ReadonlySet<string>;
  readonly globs: readonly Glob[];
}

export interface Condition {
  /** The entry as the document writes it. */
  readonly key: string;
  readonly attribute: Attribute;
  readonly test: Test;
}

/**
 * Whether the condition holds. An array passes if any element does; `not` passes if every element is something that can
 * be compared and none of them is what it names.
 */
export function holds(condition: Condition, attributes: Attributes): boolean {
  const value = attributeValue(attributes, condition.attribute);
  const { test } = condition;
  if (test.kind === "exists") return (value !== undefined) === test.expected;
  if (value === undefined) return false;
  const matches = (text: string) =>
    test.literals.has(text) || test.globs.some((glob) => matchesGlob(glob, text));
  const elements = elementsOf(value).map(canonicalScalar);
  return test.kind === "any-of"
    ? elements.some((text) => text !== undefined && matches(text))
    : elements.every((text) => text !== undefined && !matches(text));
}

/** The values of a condition that lists them all (exact or any-of without a glob), or `undefined` for any other. */
export function literalsOf({ test }: Condition): ReadonlySet<string> | undefined {
  return test.kind === "any-of" && test.globs.length === 0 ? test.literals : undefined;
}

/** What a test wants, for the maintainer who wrote it: never for a caller. */
export function describeTest(test: Test): string {
  if (test.kind === "exists") return test.expected ? "any value" : "no value";
  const values = [...test.literals, ...test.globs.map((glob) => `glob ${glob.pattern}`)];
  const shown = values.slice(0, 5).join(" or ") + (values.length > 5 ? ` or ${values.length - 5} more` : "");
  return test.kind === "any-of" ? shown : `not ${shown}`;
}

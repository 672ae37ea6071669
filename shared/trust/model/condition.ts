import type { Glob } from "../../glob.ts";
import type { Attribute } from "./attribute.ts";

/** What one attribute must be. A missing attribute passes `{exists: false}` and nothing else. */
export type Matcher = AnyOf | NoneOf | Exists;

/** Texts and patterns of which a value may be one. */
export interface Values {
  readonly literals: ReadonlySet<string>;
  readonly globs: readonly Glob[];
}

export interface AnyOf extends Values {
  readonly kind: "any-of";
}

export interface NoneOf extends Values {
  readonly kind: "none-of";
}

export interface Exists {
  readonly kind: "exists";
  readonly expected: boolean;
}

/** What one attribute must be: of a job's token, or of the SVID of an application's caller. */
export interface Condition<A = Attribute> {
  /** The attribute as the document writes it: the name of the entry. */
  readonly key: string;
  readonly attribute: A;
  readonly matcher: Matcher;
}

/** The values of a condition that lists them all (exact or any-of without a glob), or `undefined` for any other. */
export function literalsOf({ matcher }: Condition<unknown>): ReadonlySet<string> | undefined {
  return matcher.kind === "any-of" && matcher.globs.length === 0 ? matcher.literals : undefined;
}

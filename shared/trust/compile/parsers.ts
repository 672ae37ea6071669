import { compileGlob, type Glob } from "../../glob.ts";
import type { Result } from "../../result.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import type { Attribute } from "../model/attribute.ts";
import type { AnyOf } from "../model/condition.ts";
import type { SpiffeIdTemplate, TemplatePart } from "../model/template.ts";
import { parseAttribute } from "./attribute.ts";
import { compileSpiffeIdTemplate, type TemplateProblem } from "./spiffe-id-template.ts";
import { compileTemplate } from "./template.ts";

/** What the texts of one document mean. Policies repeat their texts: each is parsed once, and its meaning shared. */
export interface Parsers {
  readonly attribute: (text: string) => Result<Attribute, string>;
  readonly glob: (pattern: string) => Result<Glob, string>;
  /** The matcher for exactly this value. */
  readonly literal: (value: string) => AnyOf;
  readonly template: (text: string) => Result<readonly TemplatePart[], string>;
  readonly spiffeId: (text: string) => Result<SpiffeIdTemplate, TemplateProblem>;
}

export function createParsers(trustDomain: TrustDomain): Parsers {
  return {
    attribute: memo(parseAttribute),
    glob: memo(compileGlob),
    literal: memo((value) => ({ kind: "any-of", literals: new Set([value]), globs: [] })),
    template: memo((text) => compileTemplate(text, trustDomain)),
    spiffeId: memo((text) => compileSpiffeIdTemplate(text, trustDomain)),
  };
}

function memo<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const fresh = make(text);
    made.set(text, fresh);
    return fresh;
  };
}

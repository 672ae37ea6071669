import { compileGlob, type Glob } from "../../glob.ts";
import type { Result } from "../../result.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import type { Attribute } from "../model/attribute.ts";
import type { AnyOf } from "../model/condition.ts";
import type { HeaderAttribute, SvidAttribute } from "../model/svid-attribute.ts";
import type { SpiffeIdTemplate, TemplatePart } from "../model/template.ts";
import { parseAttribute, scanAttribute } from "./attribute.ts";
import { compileSpiffeIdTemplate, type TemplateProblem } from "./spiffe-id-template.ts";
import { parseSvidAttribute, scanHeaderAttribute, scanSvidAttribute } from "./svid-attribute.ts";
import { compileTemplate } from "./template.ts";

/** What the values of conditions mean. */
export interface ValueParsers {
  readonly glob: (pattern: string) => Result<Glob, string>;
  /** The matcher for exactly this value. */
  readonly literal: (value: string) => AnyOf;
}

/** What the texts of one document mean. Policies repeat their texts: each is parsed once, and its meaning shared. */
export interface Parsers<A> extends ValueParsers {
  readonly attribute: (text: string) => Result<A, string>;
  readonly template: (text: string) => Result<readonly TemplatePart<A>[], string>;
  /** A condition, as the end of a sentence that says what to write. */
  readonly example: string;
}

/** Policies look at the job's token. */
export interface PolicyParsers extends Parsers<Attribute> {
  readonly spiffeId: (text: string) => Result<SpiffeIdTemplate, TemplateProblem>;
}

/** Applications look at the caller's SVID, and their headers also at what the gateway makes of it. */
export interface ApplicationParsers extends Parsers<SvidAttribute> {
  readonly header: (text: string) => Result<readonly TemplatePart<HeaderAttribute>[], string>;
}

export function createPolicyParsers(trustDomain: TrustDomain): PolicyParsers {
  return {
    ...valueParsers(),
    attribute: memo(parseAttribute),
    template: memo((text) => compileTemplate(text, trustDomain, scanAttribute)),
    spiffeId: memo((text) => compileSpiffeIdTemplate(text, trustDomain)),
    example: "jwt.claim.ref: refs/heads/main",
  };
}

export function createApplicationParsers(trustDomain: TrustDomain): ApplicationParsers {
  return {
    ...valueParsers(),
    attribute: memo(parseSvidAttribute),
    template: memo((text) => compileTemplate(text, trustDomain, scanSvidAttribute)),
    header: memo((text) => compileTemplate(text, trustDomain, scanHeaderAttribute)),
    example: "svid.claim.environment: production",
  };
}

function valueParsers(): ValueParsers {
  return {
    glob: memo(compileGlob),
    literal: memo((value) => ({ kind: "any-of", literals: new Set([value]), globs: [] })),
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

import type { JsonValue } from "../../json.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import type { Attribute } from "./attribute.ts";
import type { FilterName } from "./filter.ts";

/** A part of a template: literal text, or a placeholder for an attribute's value. */
export type TemplatePart<A = Attribute> = LiteralText | Placeholder<A>;

export interface LiteralText {
  readonly kind: "text";
  readonly text: string;
}

/** `{{ attribute | filter }}`. The filters are applied in their order. */
export interface Placeholder<A = Attribute> {
  readonly kind: "placeholder";
  readonly attribute: A;
  readonly filters: readonly FilterName[];
}

/** A template that renders to a SPIFFE ID of this trust domain or is refused. */
export interface SpiffeIdTemplate {
  readonly trustDomain: TrustDomain;
  /** What follows `spiffe://<trust domain>/`: the parts of each path segment. */
  readonly segments: readonly (readonly TemplatePart[])[];
}

/** A policy's own claims, compiled: JSON whose strings are templates. */
export type ClaimsTemplate =
  | { readonly kind: "constant"; readonly value: JsonValue }
  | { readonly kind: "text"; readonly parts: readonly TemplatePart[] }
  | { readonly kind: "value"; readonly placeholder: Placeholder }
  | { readonly kind: "list"; readonly items: readonly ClaimsTemplate[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, ClaimsTemplate])[] };

export function spiffeIdPlaceholders(template: SpiffeIdTemplate): readonly Placeholder[] {
  return template.segments.flat().filter(isPlaceholder);
}

export function claimsPlaceholders(template: ClaimsTemplate): readonly Placeholder[] {
  switch (template.kind) {
    case "constant":
      return [];
    case "text":
      return template.parts.filter(isPlaceholder);
    case "value":
      return [template.placeholder];
    case "list":
      return template.items.flatMap(claimsPlaceholders);
    case "object":
      return template.members.flatMap(([, member]) => claimsPlaceholders(member));
  }
}

export function isPlaceholder<A>(part: TemplatePart<A>): part is Placeholder<A> {
  return part.kind === "placeholder";
}

/** Whether the part is a placeholder whose value may be several path segments. */
export function isPath(part: TemplatePart<unknown>): boolean {
  return isPlaceholder(part) && part.filters.includes("path");
}

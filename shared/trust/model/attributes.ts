import type { VerifiedClaims } from "../../claims.ts";
import { isJsonObject, type JsonObject, type JsonValue, memberAt, ownMember } from "../../json.ts";
import type { Attribute } from "./attribute.ts";
import { DERIVED } from "./derived.ts";
import type { AllowedIssuer, IssuerType } from "./issuer.ts";

declare const attributesBrand: unique symbol;

/** What a policy may look at of one token. Made only by `attributesOf` and `supposedAttributesOf`. */
export interface Attributes {
  readonly type: IssuerType;
  readonly claims: JsonObject;
  readonly [attributesBrand]: true;
}

/** @param claims those of a token of this issuer. */
export function attributesOf(issuer: AllowedIssuer, claims: VerifiedClaims): Attributes {
  return supposedAttributesOf(issuer, claims);
}

/**
 * The attributes that a token of this issuer would have if its claims were verified: for offline tools alone, which
 * grant nothing.
 */
export function supposedAttributesOf({ type }: AllowedIssuer, claims: JsonObject): Attributes {
  return { type, claims } as Attributes;
}

/** @returns the attribute's value, or `undefined` where the token has none. JSON null is none. */
export function attributeValue(attributes: Attributes, attribute: Attribute): JsonValue | undefined {
  if (attribute.kind === "claim") return memberAt(attributes.claims, attribute.path);
  const derived = DERIVED[attribute.name];
  return derived.type === attributes.type ? derived.derive(attributes.claims) : undefined;
}

/**
 * What the token says of the attribute: its value; null where what it says is none that can be read (JSON null, a member
 * of what has no members, a claim out of which the issuer's type reads nothing); `undefined` where it says nothing.
 */
export function statedValue(attributes: Attributes, attribute: Attribute): JsonValue | undefined {
  if (attribute.kind === "derived") {
    const isStated = Object.hasOwn(attributes.claims, DERIVED[attribute.name].from);
    return attributeValue(attributes, attribute) ?? (isStated ? null : undefined);
  }
  let value: JsonValue = attributes.claims;
  for (const step of attribute.path) {
    if (!isJsonObject(value)) return null;
    const member = ownMember(value, step);
    if (member === undefined) return undefined;
    value = member;
  }
  return value;
}

import type { VerifiedClaims } from "../../claims.ts";
import { type JsonObject, type JsonValue, memberAt } from "../../json.ts";
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

import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { type Attribute, claimAttribute } from "./attribute.ts";
import { DERIVED, isDerivedName } from "./derived.ts";
import type { AllowedIssuer, IssuerType } from "./issuer.ts";

declare const attributesBrand: unique symbol;

/** What policy may look at of one verified token. Made only by `attributesOf`. */
export interface Attributes {
  readonly type: IssuerType;
  readonly claims: JsonObject;
  readonly [attributesBrand]: true;
}

/** @param claims the claims of a token of this issuer whose signature holds. */
export function attributesOf(issuer: AllowedIssuer, claims: JsonObject): Attributes {
  return { type: issuer.type, claims } as Attributes;
}

/** @returns the attribute's value, or `undefined` where the token has none. JSON null is none. */
export function attributeValue(attributes: Attributes, attribute: Attribute): JsonValue | undefined {
  if (attribute.kind === "claim") return claimAt(attributes.claims, attribute.path);
  if (!isDerivedName(attribute.name)) return undefined;
  const derived = DERIVED[attribute.name];
  return derived.type === attributes.type ? derived.derive(attributes.claims) : undefined;
}

/** What a condition compares one by one: the elements of an array, or the value itself. */
export function elementsOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value];
}

/**
 * Strings as they are, booleans as `true` and `false`, integers in decimal. Nothing else has a canonical string: not a
 * fraction, and not a number so large that JSON readers take two of them for one.
 */
export function canonicalScalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

/** A value as a check shows it to its owner: scalars canonical, the rest as JSON, all of it short. */
export function displayed(value: JsonValue | undefined): string | null {
  if (value === undefined) return null;
  const whole = canonicalScalar(value) ?? JSON.stringify(value);
  return whole.length > MAX_DISPLAYED ? `${whole.slice(0, MAX_DISPLAYED)}…` : whole;
}

/** Keeps an answer small whatever the token holds; longer than any ref or path that people write. */
const MAX_DISPLAYED = 256;

function claimAt(claims: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue = claims;
  for (const step of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step] ?? null;
  }
  return value ?? undefined;
}

/** Every attribute that a token has, with its value as its owner may see it: the claims, then the derived ones. */
export function listAttributes(attributes: Attributes): readonly { name: string; value: string }[] {
  const claims = Object.keys(attributes.claims).map(claimAttribute);
  const derived = Object.keys(DERIVED).map((name): Attribute => ({ kind: "derived", name }));
  return [...claims, ...derived].flatMap((attribute) => {
    const value = displayed(attributeValue(attributes, attribute));
    return value === null ? [] : [{ name: attribute.name, value }];
  });
}

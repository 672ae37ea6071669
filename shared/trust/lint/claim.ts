import type { Attribute } from "../model/attribute.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { type KnownClaim, knownClaim } from "../model/known-claims.ts";

/** The top-level claim that an attribute looks at. */
export interface Claim {
  readonly name: string;
  /** The attribute looks at something inside the claim. */
  readonly nested: boolean;
  /** What the issuer's type knows of it: `"unknown"` where it knows other claims alone, `undefined` where it knows none. */
  readonly known: KnownClaim | "unknown" | undefined;
}

/** @returns `undefined` for an attribute that is derived. */
export function claimOf(attribute: Attribute, issuer: AllowedIssuer): Claim | undefined {
  if (attribute.kind !== "claim") return undefined;
  const [name, ...rest] = attribute.path;
  return { name, nested: rest.length > 0, known: knownClaim(issuer.type, name) };
}

/** What is known of the claim that an attribute looks at, if anything is. */
export function knownOf(attribute: Attribute, issuer: AllowedIssuer): KnownClaim | undefined {
  const known = claimOf(attribute, issuer)?.known;
  return typeof known === "object" ? known : undefined;
}

import { canonicalName } from "./attribute.ts";

/** What the rules of an application look at: the caller's SPIFFE ID, or a claim that its policy gave it. */
export type SvidAttribute =
  | { readonly kind: "svid-id"; readonly name: "svid.id" }
  | {
      readonly kind: "svid-claim";
      readonly name: string;
      readonly path: readonly [string, ...string[]];
    };

/** What the headers for an application look at, besides: the assertion itself, or a trait that the rule gives. */
export type HeaderAttribute =
  | SvidAttribute
  | { readonly kind: "assertion"; readonly name: "internal.jwt" }
  | { readonly kind: "trait"; readonly name: string; readonly trait: string };

export const SVID_CLAIM_ROOT = "svid.claim";
export const TRAIT_ROOT = "external";

export const SVID_ID: SvidAttribute = { kind: "svid-id", name: "svid.id" };

export function svidClaimAttribute(path: readonly [string, ...string[]]): SvidAttribute {
  return { kind: "svid-claim", name: canonicalName(path, SVID_CLAIM_ROOT), path };
}

export function traitAttribute(trait: string): HeaderAttribute {
  return { kind: "trait", name: canonicalName([trait], TRAIT_ROOT), trait };
}

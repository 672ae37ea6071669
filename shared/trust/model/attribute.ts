import type { DerivedName } from "./derived.ts";

/** What a condition or a template looks at: a claim by its path, or a value that the issuer's type derives. */
export type Attribute =
  | { readonly kind: "claim"; readonly name: string; readonly path: readonly [string, ...string[]] }
  | { readonly kind: "derived"; readonly name: DerivedName };

/** What the attribute of every claim starts with. */
export const CLAIM_ROOT = "jwt.claim";
const PLAIN_NAME = /^[A-Za-z0-9_-]+$/;

/** The canonical name of a claim's attribute: dots where a step is a plain name, brackets elsewhere. */
export function canonicalName(path: readonly string[], root = CLAIM_ROOT): string {
  return path.reduce(
    (name, step) => name + (PLAIN_NAME.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`),
    root,
  );
}

/** The attribute of a top-level claim. */
export function claimAttribute(claim: string): Attribute {
  return { kind: "claim", name: canonicalName([claim]), path: [claim] };
}

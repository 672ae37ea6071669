import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface IssuerEntry {
  readonly [field: string]: unknown;
  readonly id: string;
}

export interface PolicyEntry {
  readonly [field: string]: unknown;
  readonly name: string;
  readonly issuer: string;
  readonly match: Readonly<Record<string, unknown>>;
}

/** A trust document as it is written, before anything judges it. */
export interface TrustDocument {
  readonly [field: string]: unknown;
  readonly issuer: string;
  readonly allowedIssuers: readonly IssuerEntry[];
  readonly policies: readonly PolicyEntry[];
}

/** The issuer that `trust.yaml` names. */
export const OUR_ISSUER = "https://svid.example.org";

/** The repository's own `trust.yaml`. */
export function trustDocument(): TrustDocument {
  return parse(readFileSync("trust.yaml", "utf8"));
}

/** The policy of this name. */
export function policyOf({ policies }: TrustDocument, name: string): PolicyEntry {
  const found = policies.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`the trust document has no policy ${name}`);
  return found;
}

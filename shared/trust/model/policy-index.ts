import type { Attribute } from "./attribute.ts";
import type { Policy } from "./policy.ts";

/** The policies of one issuer, found by the values that they name. Made only by `indexPolicies`. */
export interface PolicyIndex {
  /** In the order of the document. */
  readonly policies: readonly Policy[];
  readonly byName: ReadonlyMap<string, Policy>;
  /** Each policy under the one of its exact conditions that the fewest others share: what can match is found here. */
  readonly byRarestLiteral: LiteralIndex;
  /** Policies without an exact condition: each of them may match any token. */
  readonly withoutLiteral: readonly Policy[];
  /** The names of the attributes that hold these policies to their tenants; none where one tenant has the issuer alone. */
  readonly tenantAttributes: ReadonlySet<string>;
  /** A policy is held to its tenant by patterns alone, so that no exact value finds it. */
  readonly hasTenantPattern: boolean;
  /** Each policy under all of its exact conditions: near misses and overlaps are found here. */
  readonly byLiteral: LiteralIndex;
}

/** By the name of an attribute: the policies that name each value of it. */
export type LiteralIndex = ReadonlyMap<
  string,
  { readonly attribute: Attribute; readonly buckets: ReadonlyMap<string, readonly Policy[]> }
>;

import type { DenialCode } from "../../../../../shared/denial.ts";
import type { JsonObject } from "../../../../../shared/json.ts";
import type { DecisionRequest } from "../../../../../shared/trust/decide/decide.ts";

/** One decision: policies, the claims of a token of one of their issuers, what is asked, and what must come of it. */
export interface Row {
  readonly it: string;
  readonly issuer: string;
  readonly policies: readonly unknown[];
  readonly claims: JsonObject;
  readonly ask?: DecisionRequest;
  readonly expected: Granted | Refused;
}

export interface Granted {
  readonly kind: "granted";
  /** Members of the grant, with `id` for the SPIFFE ID after the trust domain. */
  readonly grant: JsonObject;
}

export interface Refused {
  readonly kind: "refused";
  readonly code: DenialCode;
  /** `policy attribute` of every check that failed, in order: the reason of the refusal. */
  readonly failed: readonly string[];
  readonly detail?: string;
}

export const AUDIENCE = "https://vault.example.org";

/** A policy `p` of the generic issuer, which grants the ID `x` where `match` holds. */
export function policy(match: JsonObject, more: JsonObject = {}) {
  return {
    name: "p",
    issuer: "ci",
    match,
    spiffeId: "spiffe://{{ trustDomain }}/x",
    audiences: [AUDIENCE],
    ...more,
  };
}

export function granted(grant: JsonObject = { id: "x" }): Granted {
  return { kind: "granted", grant };
}

/** A refusal whose failed checks are of the policy `p` unless they name another: `q jwt.claim.ref`. */
export function refused(code: DenialCode, ...failed: readonly string[]): Refused {
  return {
    kind: "refused",
    code,
    failed: failed.map((check) => (check.includes(" ") ? check : `p ${check}`)),
  };
}

/** Denied by its conditions: these attributes are why. */
export function denied(...failed: readonly string[]): Refused {
  return refused("policy_denied", ...failed);
}

/** The rows of one policy: a sentence, its match, the claims, and what comes of it. */
export function row(
  it: string,
  match: JsonObject,
  claims: JsonObject,
  expected: Row["expected"],
  more: JsonObject = {},
): Row {
  const one = policy(match, more);
  return { it, issuer: one.issuer, policies: [one], claims, expected };
}

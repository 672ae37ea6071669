import type { Path } from "../../shape.ts";
import type { SvidAlgorithm } from "../../svid.ts";
import { type PolicyEntry, policyShape } from "../document/shapes.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { AllowedAudience, Policy } from "../model/policy.ts";
import { errorAt, type Report } from "../model/problem.ts";
import type { SpiffeIdTemplate } from "../model/template.ts";
import { compileClaims } from "./claims-template.ts";
import { compileConditions } from "./condition.ts";
import { checkDerived } from "./derived-attributes.ts";
import type { PolicyParsers } from "./parsers.ts";
import { checkReference, issuerNames } from "./reference.ts";
import { checkPin, tenantConditions } from "./tenant-pin.ts";
import { unique } from "./unique.ts";

/** What a policy takes from the rest of the document. */
export interface PolicyContext {
  readonly parsers: PolicyParsers;
  /** By id. */
  readonly issuers: ReadonlyMap<string, AllowedIssuer>;
  /** Every id that the document writes, also of an issuer that was refused. */
  readonly issuerIds: readonly string[];
  readonly ttlSeconds: number;
  readonly algorithm: SvidAlgorithm;
  /** Those that the exchange has keys for. */
  readonly algorithms: readonly SvidAlgorithm[];
}

/** @returns the policies that are good, after reporting what is wrong with the others. */
export function compilePolicies(
  entries: readonly unknown[],
  context: PolicyContext,
  report: Report,
): readonly Policy[] {
  const once = unique("name", report);
  return entries.flatMap((input, position) => {
    const at = ["policies", position];
    const entry = policyShape.read(input, at, report);
    if (entry === undefined) return [];
    once(entry.name, [...at, "name"]);
    return compilePolicy(entry, position, context, report) ?? [];
  });
}

/** @returns the policy, or `undefined` where anything in it was reported. */
function compilePolicy(
  entry: PolicyEntry,
  position: number,
  context: PolicyContext,
  report: Report,
): Policy | undefined {
  const at: Path = ["policies", position];
  let good = true;
  const refuse: Report = (problem) => {
    good = false;
    report(problem);
  };
  const { parsers } = context;
  const match = compileConditions(entry.match, parsers, [...at, "match"], refuse);
  const deny = (entry.deny ?? []).map((conditions, index) =>
    compileConditions(conditions, parsers, [...at, "deny", index], refuse),
  );
  const spiffeId = compileSpiffeId(entry.spiffeId, parsers, [...at, "spiffeId"], refuse);
  const claims =
    entry.claims === undefined ? undefined : compileClaims(entry.claims, parsers, [...at, "claims"], refuse);
  const audiences = compileAudiences(entry, context, at, refuse);
  checkReference(entry.issuer, issuerNames(context.issuerIds), [...at, "issuer"], refuse);
  const issuer = context.issuers.get(entry.issuer);
  if (issuer !== undefined) {
    checkDerived({ match, deny, spiffeId, claims }, issuer, at, refuse);
    checkPin(match, issuer, at, refuse);
  }
  const tenant = issuer === undefined ? [] : tenantConditions(match, issuer);
  if (!good || spiffeId === undefined) return undefined;
  const ttlSeconds = entry.ttl ?? context.ttlSeconds;
  const { name, issuer: issuerId } = entry;
  return { name, issuer: issuerId, position, match, tenant, deny, spiffeId, audiences, ttlSeconds, claims };
}

function compileSpiffeId(
  template: string,
  parsers: PolicyParsers,
  at: Path,
  report: Report,
): SpiffeIdTemplate | undefined {
  const compiled = parsers.spiffeId(template);
  if (compiled.ok) return compiled.value;
  report(errorAt(at, compiled.error.rule, compiled.error.message));
  return undefined;
}

function compileAudiences(
  entry: PolicyEntry,
  context: PolicyContext,
  at: Path,
  report: Report,
): readonly AllowedAudience[] {
  const seen = new Set<string>();
  return entry.audiences.map((item, index) => {
    const { audience, algorithm } =
      typeof item === "string" ? { audience: item, algorithm: entry.algorithm ?? context.algorithm } : item;
    const path = [...at, "audiences", index];
    if (seen.has(audience))
      report(
        errorAt(path, "duplicate", `${JSON.stringify(audience)} is already in the list; remove this entry`),
      );
    seen.add(audience);
    if (!context.algorithms.includes(algorithm)) {
      const message = `keys.algorithms does not have ${algorithm}, so no key can sign with it; add it there`;
      report(errorAt(path, "contradiction", message));
    }
    return { audience, algorithm };
  });
}

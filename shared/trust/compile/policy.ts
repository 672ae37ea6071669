import { didYouMean } from "../../nearest-word.ts";
import type { Path } from "../../shape.ts";
import type { SvidAlgorithm } from "../../svid.ts";
import type { PolicyEntry } from "../document/shapes.ts";
import type { Condition } from "../model/condition.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { type ClaimsTemplate, compileClaims } from "./claims-template.ts";
import { compileConditions } from "./condition.ts";
import type { Parsers } from "./parsers.ts";
import { checkDerived, checkPin, derivedUses } from "./policy-issuer.ts";
import type { SpiffeIdTemplate } from "./spiffe-id-template.ts";

/** An audience that a policy allows, and what its SVIDs are signed with. */
export interface AllowedAudience {
  readonly audience: string;
  readonly algorithm: SvidAlgorithm;
}

/** One policy, compiled. Immutable; made only by `compilePolicy`. */
export interface Policy {
  readonly name: string;
  /** The id of the only issuer whose tokens it judges. */
  readonly issuer: string;
  /** Its place in the document. */
  readonly position: number;
  /** All must hold. */
  readonly match: readonly Condition[];
  /** None of these may hold as a whole. */
  readonly deny: readonly (readonly Condition[])[];
  readonly spiffeId: SpiffeIdTemplate;
  /** As the document writes it. */
  readonly spiffeIdText: string;
  readonly audiences: readonly AllowedAudience[];
  readonly ttlSeconds: number;
  readonly claims: ClaimsTemplate | undefined;
}

/** What a policy takes from the rest of the document. */
export interface PolicyContext {
  readonly parsers: Parsers;
  /** By id. */
  readonly issuers: ReadonlyMap<string, AllowedIssuer>;
  readonly issuerIds: readonly string[];
  readonly ttlSeconds: number;
  readonly algorithm: SvidAlgorithm;
  /** What the exchange has keys for. */
  readonly algorithms: readonly SvidAlgorithm[];
}

/** @returns the policy, or `undefined` where anything in it was reported. */
export function compilePolicy(
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
  const match = compileConditions(entry.match, context.parsers, [...at, "match"], refuse);
  const deny = (entry.deny ?? []).map((one, index) =>
    compileConditions(one, context.parsers, [...at, "deny", index], refuse),
  );
  const spiffeId = context.parsers.spiffeId(entry.spiffeId);
  if (!spiffeId.ok) refuse(errorAt([...at, "spiffeId"], spiffeId.error.rule, spiffeId.error.message));
  const claims =
    entry.claims === undefined
      ? undefined
      : compileClaims(entry.claims, context.parsers, [...at, "claims"], refuse);
  const audiences = compileAudiences(entry, context, at, refuse);
  checkIssuer(entry, context, at, refuse);
  const issuer = context.issuers.get(entry.issuer);
  if (issuer !== undefined) {
    checkDerived(
      derivedUses({ match, deny, spiffeId: spiffeId.ok ? spiffeId.value : undefined, claims }),
      issuer,
      at,
      refuse,
    );
    checkPin(match, issuer, at, refuse);
  }
  if (!good || !spiffeId.ok) return undefined;
  return {
    name: entry.name,
    issuer: entry.issuer,
    position,
    match,
    deny,
    spiffeId: spiffeId.value,
    spiffeIdText: entry.spiffeId,
    audiences,
    ttlSeconds: entry.ttl ?? context.ttlSeconds,
    claims,
  };
}

function compileAudiences(
  entry: PolicyEntry,
  context: PolicyContext,
  at: Path,
  report: Report,
): AllowedAudience[] {
  const seen = new Set<string>();
  return entry.audiences.map((item, index) => {
    const { audience, algorithm } =
      typeof item === "string" ? { audience: item, algorithm: entry.algorithm ?? context.algorithm } : item;
    const path = [...at, "audiences", index];
    if (seen.has(audience))
      report(errorAt(path, "duplicate", `${audience} is in the list already; remove one`));
    seen.add(audience);
    if (!context.algorithms.includes(algorithm)) {
      report(
        errorAt(
          path,
          "contradiction",
          `keys.algorithms has no ${algorithm}, so nothing can be signed with it; add it there`,
        ),
      );
    }
    return { audience, algorithm };
  });
}

function checkIssuer(entry: PolicyEntry, { issuerIds }: PolicyContext, at: Path, report: Report): void {
  if (issuerIds.includes(entry.issuer)) return;
  const hint = didYouMean(entry.issuer, issuerIds) || `; write ${issuerIds.join(" or ")}`;
  report(errorAt([...at, "issuer"], "reference", `${entry.issuer} is no id of allowedIssuers${hint}`));
}

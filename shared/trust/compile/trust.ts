import { groupBy } from "../../group-by.ts";
import { err, ok, type Result } from "../../result.ts";
import { ROTATE_EVERY, rotationProblem } from "../../rotate-every.ts";
import type { Path } from "../../shape.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import { SVID_ALGORITHMS, type SvidAlgorithm } from "../../svid.ts";
import {
  type DocumentFields,
  documentShape,
  issuerShape,
  policyShape,
  type TestEntry,
  testShape,
} from "../document/shapes.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { errorAt, type Problem, type Report } from "../model/problem.ts";
import { compileIssuer } from "./issuer.ts";
import { ownIssuerProblem } from "./issuer-url.ts";
import { createParsers } from "./parsers.ts";
import { compilePolicy, type Policy, type PolicyContext } from "./policy.ts";
import { indexPolicies, type PolicyIndex } from "./policy-index.ts";

export type { Problem } from "../model/problem.ts";

/** A trust document, compiled: immutable, complete, ready to decide. Made only by `compileTrust`. */
export interface TrustConfig {
  readonly trustDomain: TrustDomain;
  /** Our own `iss`. */
  readonly issuer: string;
  readonly svid: { readonly ttlSeconds: number; readonly algorithm: SvidAlgorithm };
  readonly keys: {
    readonly rotateEverySeconds: number;
    readonly algorithms: readonly SvidAlgorithm[];
    readonly revoked: ReadonlySet<string>;
  };
  /** By exact `iss`. */
  readonly issuers: ReadonlyMap<string, AllowedIssuer>;
  /** By the id of the issuer. */
  readonly policies: ReadonlyMap<string, PolicyIndex>;
  readonly tests: readonly TestEntry[];
}

const DEFAULT_TTL_SECONDS = 300;

/** Stands in for a trust domain that was refused, so that the templates are still judged. */
const ANY_TRUST_DOMAIN = "example.org" as TrustDomain;

/**
 * Compiles a trust document, given as the plain JSON value that its YAML or its stored text parses to.
 *
 * @returns the configuration, or every problem of the document at once. All of them have severity `error`.
 */
export function compileTrust(input: unknown): Result<TrustConfig, readonly Problem[]> {
  const problems: Problem[] = [];
  const report: Report = (problem) => void problems.push(problem);
  const document = documentShape.readFields(input, [], report);
  const issuers = compileIssuers(document.allowedIssuers ?? [], document.issuer, report);
  const { svid, keys } = readSettings(document, report);
  const trustDomain = document.trustDomain ?? ANY_TRUST_DOMAIN;
  const { algorithm, ttlSeconds } = svid;
  const context = {
    parsers: createParsers(trustDomain),
    ...issuers,
    algorithm,
    ttlSeconds,
    algorithms: keys.algorithms,
  };
  const policies = compilePolicies(document.policies ?? [], context, report);
  const tests = compileTests(document.tests ?? [], issuers.issuerIds, report);
  if (problems.length > 0 || document.issuer === undefined) return err(problems);
  return ok({
    trustDomain,
    issuer: document.issuer,
    svid,
    keys,
    issuers: new Map([...issuers.issuers.values()].map((issuer) => [issuer.issuer, issuer])),
    policies: indexByIssuer(policies),
    tests,
  });
}

function readSettings(document: DocumentFields, report: Report): Pick<TrustConfig, "svid" | "keys"> {
  const svid = {
    ttlSeconds: document.svid?.ttl ?? DEFAULT_TTL_SECONDS,
    algorithm: document.svid?.algorithm ?? SVID_ALGORITHMS[0],
  };
  const keys = {
    rotateEverySeconds: document.keys?.rotateEvery ?? ROTATE_EVERY.usual,
    algorithms: document.keys?.algorithms ?? SVID_ALGORITHMS,
    revoked: new Set(document.keys?.revoked ?? []),
  };
  if (!keys.algorithms.includes(svid.algorithm)) {
    const message = `keys.algorithms has no ${svid.algorithm}, the algorithm of SVIDs; add it there`;
    report(errorAt(["svid"], "contradiction", message));
  }
  const rotation = rotationProblem(keys.rotateEverySeconds);
  if (rotation !== undefined) {
    report(errorAt(["keys", "rotateEvery"], "rotation", `${rotation}; write a longer one`));
  }
  return { svid, keys };
}

function compileIssuers(entries: readonly unknown[], ownIssuer: string | undefined, report: Report) {
  const ownProblem = ownIssuer === undefined ? undefined : ownIssuerProblem(ownIssuer);
  if (ownProblem !== undefined) report(errorAt(["issuer"], "issuer-url", `issuer ${ownProblem}`));
  const once = { id: unique("id", report), issuer: unique("issuer", report) };
  const issuers = new Map<string, AllowedIssuer>();
  entries.forEach((item, index) => {
    const at = ["allowedIssuers", index];
    const entry = issuerShape.read(item, at, report);
    if (entry === undefined) return;
    once.id(entry.id, [...at, "id"]);
    once.issuer(entry.issuer, [...at, "issuer"]);
    const issuer = compileIssuer(entry, ownIssuer, at, report);
    if (issuer !== undefined) issuers.set(issuer.id, issuer);
  });
  return { issuers, issuerIds: [...new Set(idsOf(entries))] };
}

/** Every id that is written, also of an entry that was refused: a policy that names it is not to blame. */
function idsOf(entries: readonly unknown[]): readonly string[] {
  return entries.flatMap((entry) => {
    const id = typeof entry === "object" && entry !== null && "id" in entry ? entry.id : undefined;
    return typeof id === "string" ? [id] : [];
  });
}

function compilePolicies(
  entries: readonly unknown[],
  context: PolicyContext,
  report: Report,
): readonly Policy[] {
  const once = unique("name", report);
  return entries.flatMap((item, index) => {
    const at = ["policies", index];
    const entry = policyShape.read(item, at, report);
    if (entry === undefined) return [];
    once(entry.name, [...at, "name"]);
    return compilePolicy(entry, index, context, report) ?? [];
  });
}

function compileTests(
  entries: readonly unknown[],
  issuerIds: readonly string[],
  report: Report,
): readonly TestEntry[] {
  const once = unique("name", report);
  return entries.flatMap((item, index) => {
    const at = ["tests", index];
    const entry = testShape.read(item, at, report);
    if (entry === undefined) return [];
    once(entry.name, [...at, "name"]);
    if (!issuerIds.includes(entry.issuer)) {
      report(
        errorAt(
          [...at, "issuer"],
          "reference",
          `${entry.issuer} is no id of allowedIssuers; write ${issuerIds.join(" or ")}`,
        ),
      );
    }
    const { denied, ...granted } = entry.expect;
    if (denied !== undefined && Object.keys(granted).length > 0) {
      report(
        errorAt([...at, "expect"], "contradiction", "denied stands next to what would be granted; keep one"),
      );
    }
    return entry;
  });
}

/** Reports a value that was seen before. */
function unique(what: string, report: Report): (value: string, at: Path) => void {
  const seen = new Set<string>();
  return (value, at) => {
    if (seen.has(value))
      report(errorAt(at, "duplicate", `the ${what} ${value} is there already; write another one`));
    seen.add(value);
  };
}

function indexByIssuer(policies: readonly Policy[]): ReadonlyMap<string, PolicyIndex> {
  const byIssuer = groupBy(policies, (policy) => policy.issuer);
  return new Map(Array.from(byIssuer, ([id, group]) => [id, indexPolicies(group)]));
}

import { groupBy } from "../../group-by.ts";
import { err, ok, type Result } from "../../result.ts";
import { ROTATE_EVERY, rotationProblem } from "../../rotate-every.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import { SVID_ALGORITHMS } from "../../svid.ts";
import { type DocumentFields, documentShape } from "../document/shapes.ts";
import type { Policy } from "../model/policy.ts";
import type { PolicyIndex } from "../model/policy-index.ts";
import { errorAt, type Problem, type Report } from "../model/problem.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { compileApplications } from "./application.ts";
import { compileIssuers } from "./issuer.ts";
import { createPolicyParsers } from "./parsers.ts";
import { compilePolicies } from "./policy.ts";
import { indexPolicies } from "./policy-index.ts";

const DEFAULT_TTL_SECONDS = 300;

/** Stands in for a trust domain that was refused, so that the templates are still judged. */
const ANY_TRUST_DOMAIN = "example.org" as TrustDomain;

/**
 * Compiles a trust document, given as the plain JSON value that its YAML or its stored text parses to. Its tests are not
 * looked at.
 *
 * @returns the configuration, or every problem of the document at once. All of them have severity `error`.
 */
export function compileTrust(input: unknown): Result<TrustConfig, readonly Problem[]> {
  const problems: Problem[] = [];
  const report: Report = (problem) => void problems.push(problem);
  const document = documentShape.readFields(input, [], report);
  const issuers = compileIssuers(document.allowedIssuers ?? [], document.issuer, report);
  const { keys, ...svid } = readSettings(document, report);
  const trustDomain = document.trustDomain ?? ANY_TRUST_DOMAIN;
  const context = {
    trustDomain,
    ownIssuer: document.issuer,
    parsers: createPolicyParsers(trustDomain),
    ...issuers,
    ...svid,
    algorithms: keys.algorithms,
  };
  const policies = compilePolicies(document.policies ?? [], context, report);
  const applications = compileApplications(document.applications ?? [], { ...context, policies }, report);
  if (problems.length > 0 || document.issuer === undefined) return err(problems);
  return ok({
    issuer: document.issuer,
    trustDomain,
    keys,
    denials: document.denials ?? "own",
    issuers: new Map(Array.from(issuers.issuers.values(), (issuer) => [issuer.issuer, issuer])),
    policies: indexByIssuer(policies),
    applications: new Map(applications.map((application) => [application.host, application])),
  });
}

/** What holds for every SVID unless a policy says otherwise, and how the signing keys are kept. */
function readSettings(document: DocumentFields, report: Report) {
  const algorithm = document.svid?.algorithm ?? SVID_ALGORITHMS[0];
  const keys = {
    rotateEverySeconds: document.keys?.rotateEvery ?? ROTATE_EVERY.usual,
    algorithms: document.keys?.algorithms ?? SVID_ALGORITHMS,
    revoked: new Set(document.keys?.revoked ?? []),
  };
  if (!keys.algorithms.includes(algorithm)) {
    const message = `SVIDs are signed with ${algorithm}, but keys.algorithms does not have it; add it there`;
    report(errorAt(["svid"], "contradiction", message));
  }
  const rotation = rotationProblem(keys.rotateEverySeconds);
  if (rotation !== undefined) {
    report(errorAt(["keys", "rotateEvery"], "rotation", `${rotation}; write a longer one`));
  }
  return { algorithm, ttlSeconds: document.svid?.ttl ?? DEFAULT_TTL_SECONDS, keys };
}

function indexByIssuer(policies: readonly Policy[]): ReadonlyMap<string, PolicyIndex> {
  const byIssuer = groupBy(policies, (policy) => policy.issuer);
  return new Map(Array.from(byIssuer, ([id, group]) => [id, indexPolicies(group)]));
}

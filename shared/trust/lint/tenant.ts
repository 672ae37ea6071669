import { pinOf } from "../compile/tenant-pin.ts";
import { conditionOn } from "../model/policy.ts";
import { sharedIssuer } from "../model/shared-issuer.ts";
import { conditionPath, policyPath, type Subject, warning } from "./finding.ts";

/** The claim that says for good which repository or project a job belongs to. */
export const REPOSITORY_ID = { github: "jwt.claim.repository_id", gitlab: "jwt.claim.project_id" } as const;

export function namesWithoutIds({ policy, issuer }: Subject) {
  const shared = sharedIssuer(issuer.issuer);
  if (shared === undefined || pinOf(shared, policy.match) !== "name") return [];
  const ids = shared.ids.slice(0, 2).join(" or ");
  const message = `match has only names, and a stranger can take a name that its owner gives up; add ${ids}, which never changes`;
  return [warning(policyPath(policy, "match"), "names-without-ids", message)];
}

export function environmentWithoutIds({ policy, issuer }: Subject) {
  const condition = conditionOn(policy, "jwt.claim.environment");
  if (condition === undefined || issuer.type === "jwt") return [];
  const id = conditionOn(policy, REPOSITORY_ID[issuer.type]);
  if (id?.matcher.kind === "any-of") return [];
  const message = `every ${issuer.type === "github" ? "repository" : "project"} can have an environment of this name, and a job that names a new environment creates it; add ${REPOSITORY_ID[issuer.type]}`;
  return [warning(conditionPath(policy, condition), "environment-without-ids", message)];
}

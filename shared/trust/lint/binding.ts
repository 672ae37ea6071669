import type { Policy } from "../compile/policy.ts";
import { templatePlaces } from "../compile/spiffe-id-template.ts";
import { type Condition, literalsOf } from "../model/condition.ts";
import { pinOf, sharedIssuer } from "../model/shared-issuer.ts";
import {
  claimOf,
  conditionOn,
  conditionPath,
  type PolicyLint,
  policyPath,
  type Subject,
  wanted,
  warning,
} from "./finding.ts";

/** Lints of what a policy binds: whether its conditions hold the job that they seem to hold. */
export const BINDING_LINTS: readonly PolicyLint[] = [
  namesWithoutIds,
  rawSub,
  refWithoutType,
  unprotectedRef,
  weakDiscriminator,
  environmentWithoutIds,
  guardLifted,
];

/** The claim that says for good which repository or project a job belongs to. */
const REPOSITORY_ID = { github: "jwt.claim.repository_id", gitlab: "jwt.claim.project_id" } as const;

function namesWithoutIds({ policy, issuer }: Subject) {
  const shared = sharedIssuer(issuer.issuer);
  if (shared === undefined || pinOf(shared, policy.match) !== "name") return [];
  const ids = shared.ids.slice(0, 2).join(" or ");
  return [
    warning(
      policyPath(policy, "match"),
      "names-without-ids",
      `a name can be given up and taken by a stranger; add ${ids}, which never changes`,
    ),
  ];
}

function rawSub({ policy, issuer }: Subject) {
  if (issuer.type === "jwt") return [];
  const advice =
    "its shape is the repository's or project's to change; bind the claims that it is made of instead";
  const condition = conditionOn(policy, "jwt.claim.sub");
  const place = templatePlaces(policy.spiffeId).find(({ attribute }) => attribute.name === "jwt.claim.sub");
  return [
    ...(condition === undefined
      ? []
      : [warning(conditionPath(policy, condition), "raw-sub", `sub is no identity: ${advice}`)]),
    ...(place === undefined
      ? []
      : [warning(policyPath(policy, "spiffeId"), "raw-sub", `sub is no identity: ${advice}`)]),
  ];
}

function refWithoutType({ policy, issuer }: Subject) {
  const condition = conditionOn(policy, "jwt.claim.ref");
  if (condition === undefined || issuer.type === "jwt") return [];
  if (conditionOn(policy, "jwt.claim.ref_type") !== undefined) return [];
  const { literals, patterns } = wanted(condition);
  const full = [...literals, ...patterns].every((ref) => /^refs\/(?:heads|tags|pull)\//.test(ref));
  const certain =
    issuer.type === "github"
      ? full && literals.length + patterns.length > 0
      : conditionOn(policy, "jwt.claim.ref_path") !== undefined;
  if (certain) return [];
  const advice =
    issuer.type === "github"
      ? "write the whole ref, such as refs/heads/main, or add jwt.claim.ref_type"
      : "write jwt.claim.ref_path: refs/heads/… instead, or add jwt.claim.ref_type";
  return [
    warning(
      conditionPath(policy, condition),
      "ref-without-type",
      `a tag and a branch may have the same name; ${advice}`,
    ),
  ];
}

function unprotectedRef({ policy, issuer }: Subject) {
  const condition = conditionOn(policy, "jwt.claim.ref") ?? conditionOn(policy, "jwt.claim.ref_path");
  const guards = ["jwt.claim.ref_protected", "jwt.claim.environment_protected"];
  if (issuer.type === "github") guards.push("jwt.claim.environment");
  if (condition === undefined || issuer.type === "jwt" || guards.some((name) => conditionOn(policy, name)))
    return [];
  if (issuer.type === "github" && wanted(condition).patterns.length === 0) return [];
  const advice =
    issuer.type === "github"
      ? "add jwt.claim.environment, with deployment branches set in the repository"
      : 'add jwt.claim.ref_protected: "true"';
  return [
    warning(
      conditionPath(policy, condition),
      "unprotected-ref",
      `whoever may push can make a ref that fits; ${advice}`,
    ),
  ];
}

function weakDiscriminator({ policy, issuer }: Subject) {
  const weakness = (attribute: Parameters<typeof claimOf>[0]) => {
    const known = claimOf(attribute, issuer)?.known;
    return typeof known === "object" ? known.weak : undefined;
  };
  const conditions = policy.match.flatMap((condition) => {
    const why = condition.test.kind === "any-of" ? weakness(condition.attribute) : undefined;
    if (why === undefined) return [];
    const message = `${condition.attribute.name} does not tell one job from another: ${why}; bind an id, or the workflow's path`;
    return [warning(conditionPath(policy, condition), "weak-discriminator", message)];
  });
  const places = templatePlaces(policy.spiffeId).flatMap(({ attribute }) => {
    const why = weakness(attribute);
    if (why === undefined) return [];
    const message = `an identity made of ${attribute.name} means little: ${why}; put it into claims instead`;
    return [warning(policyPath(policy, "spiffeId"), "weak-discriminator", message)];
  });
  return [...conditions, ...places];
}

function environmentWithoutIds({ policy, issuer }: Subject) {
  const condition = conditionOn(policy, "jwt.claim.environment");
  if (condition === undefined || issuer.type === "jwt") return [];
  const id = conditionOn(policy, REPOSITORY_ID[issuer.type]);
  if (id !== undefined && id.test.kind === "any-of") return [];
  const message = `every repository can have an environment of this name, and a job that names a new one makes it; add ${REPOSITORY_ID[issuer.type]}`;
  return [warning(conditionPath(policy, condition), "environment-without-ids", message)];
}

/** Events that a guard keeps out unless a policy names them. */
const GUARDED_EVENTS = ["pull_request_target", "workflow_run"];

function guardLifted({ policy, issuer }: Subject) {
  const condition =
    issuer.type === "github"
      ? guardedEvent(policy)
      : issuer.type === "gitlab"
        ? foreignProject(policy)
        : undefined;
  if (condition === undefined) return [];
  const message =
    "this lets in jobs that outsiders can start with code of their own; keep what the identity may do small";
  return [warning(conditionPath(policy, condition), "guard-lifted", message)];
}

function guardedEvent(policy: Policy): Condition | undefined {
  const condition = conditionOn(policy, "jwt.claim.event_name");
  const literals = condition === undefined ? undefined : literalsOf(condition);
  return GUARDED_EVENTS.some((event) => literals?.has(event)) ? condition : undefined;
}

/** A condition on the project that a job runs in lifts the guard, unless it is also the project whose code it runs. */
function foreignProject(policy: Policy): Condition | undefined {
  const condition = conditionOn(policy, "jwt.claim.job_project_id");
  const literals = condition === undefined ? undefined : literalsOf(condition);
  const project = conditionOn(policy, REPOSITORY_ID.gitlab);
  const own = project === undefined ? undefined : literalsOf(project);
  const same = literals?.size === 1 && own?.size === 1 && [...literals].every((value) => own.has(value));
  return literals === undefined || same ? undefined : condition;
}

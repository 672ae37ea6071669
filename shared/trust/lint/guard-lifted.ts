import { type Condition, literalsOf } from "../model/condition.ts";
import { GUARDS } from "../model/guard.ts";
import type { IssuerType } from "../model/issuer.ts";
import { conditionOn, type Policy } from "../model/policy.ts";
import { conditionPath, type Subject, warning } from "./finding.ts";
import { REPOSITORY_ID } from "./tenant.ts";

/** The condition of a policy that lifts a guard, by the type of its issuer. */
const LIFTING: Readonly<Record<IssuerType, (policy: Policy) => Condition | undefined>> = {
  github: guardedEvent,
  gitlab: foreignProject,
  jwt: () => undefined,
};

const GUARDED_EVENTS = GUARDS.filter(({ claim }) => claim === "event_name").flatMap(
  ({ value }) => value ?? [],
);

export function guardLifted({ policy, issuer }: Subject) {
  const condition = LIFTING[issuer.type](policy);
  if (condition === undefined) return [];
  const message =
    "the policy allows jobs that outsiders can start with their own code; keep the rights of this identity small";
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

import { type Condition, literalsOf } from "../model/condition.ts";
import { EVENTS_OF_WRITERS } from "../model/github-events.ts";
import type { IssuerType } from "../model/issuer.ts";
import { conditionOn, type Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import { conditionPath, type Subject, warning } from "./finding.ts";
import { REPOSITORY_ID } from "./tenant.ts";

/** Finds the condition of a policy that lifts a guard, by the type of its issuer. */
const LIFTING: Readonly<Record<IssuerType, (policy: Policy) => readonly Problem[]>> = {
  github: guardedEvents,
  gitlab: foreignProject,
  jwt: () => [],
};

export function guardLifted({ policy, issuer }: Subject) {
  return LIFTING[issuer.type](policy);
}

function guardedEvents(policy: Policy): readonly Problem[] {
  const condition = conditionOn(policy, "jwt.claim.event_name");
  const literals = condition === undefined ? undefined : literalsOf(condition);
  const events = [...(literals ?? [])].filter((event) => !EVENTS_OF_WRITERS.has(event));
  if (condition === undefined || events.length === 0) return [];
  return [lifted(policy, condition, `outsiders may start jobs of ${events.join(", ")}`)];
}

/** A condition on the project that a job runs in lifts the guard, unless it is also the project whose code it runs. */
function foreignProject(policy: Policy): readonly Problem[] {
  const condition = conditionOn(policy, "jwt.claim.job_project_id");
  const literals = condition === undefined ? undefined : literalsOf(condition);
  const project = conditionOn(policy, REPOSITORY_ID.gitlab);
  const own = project === undefined ? undefined : literalsOf(project);
  const same = literals?.size === 1 && own?.size === 1 && [...literals].every((value) => own.has(value));
  if (condition === undefined || literals === undefined || same) return [];
  return [lifted(policy, condition, "the policy allows jobs that outsiders can start with their own code")];
}

function lifted(policy: Policy, condition: Condition, what: string): Problem {
  return warning(
    conditionPath(policy, condition),
    "guard-lifted",
    `${what}; keep the rights of this identity small`,
  );
}

import type { Path } from "../../shape.ts";
import type { Application, ApplicationRule } from "../model/application.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import { mayMeetRule } from "./callers.ts";

/** An application, and the policies that grant SVIDs for its audience. */
export interface ApplicationSubject {
  readonly application: Application;
  readonly callers: readonly Policy[];
  /** Each rule, and the policies whose SVIDs may meet it. */
  readonly rules: readonly RuleSubject[];
}

export interface RuleSubject {
  readonly rule: ApplicationRule;
  readonly at: Path;
  readonly callers: readonly Policy[];
}

/** A lint: what it finds in one application. */
export type ApplicationLint = (subject: ApplicationSubject) => readonly Problem[];

export function applicationSubject(application: Application, callers: readonly Policy[]): ApplicationSubject {
  const rules = application.rules.map((rule, index) => ({
    rule,
    at: applicationPath(application, "rules", index),
    callers: callers.filter((policy) => mayMeetRule(policy, rule)),
  }));
  return { application, callers, rules };
}

export function applicationPath(application: Application, ...rest: Path): Path {
  return ["applications", application.position, ...rest];
}

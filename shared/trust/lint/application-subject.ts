import type { Path } from "../../shape.ts";
import type { Application, ApplicationRule } from "../model/application.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import { mayMeetRule } from "./callers.ts";

/** A lint: what it finds in one application. */
export type ApplicationLint = (application: Application) => readonly Problem[];

/** An application, and the policies that grant SVIDs for its audience. */
export interface CallerSubject {
  readonly application: Application;
  readonly callers: readonly Policy[];
  readonly rules: readonly CallersOfRule[];
}

/** A rule, and the policies whose SVIDs may meet it. */
export interface CallersOfRule {
  readonly rule: ApplicationRule;
  readonly at: Path;
  readonly callers: readonly Policy[];
}

/** A lint: what it finds in one application and in the policies of its callers. */
export type CallerLint = (subject: CallerSubject) => readonly Problem[];

export function callerSubject(application: Application, callers: readonly Policy[]): CallerSubject {
  const rules = application.rules.map((rule, index) => ({
    rule,
    at: rulePath(application, index),
    callers: callers.filter((policy) => mayMeetRule(policy, rule)),
  }));
  return { application, callers, rules };
}

export function rulePath(application: Application, index: number): Path {
  return applicationPath(application, "rules", index);
}

export function applicationPath(application: Application, ...rest: Path): Path {
  return ["applications", application.position, ...rest];
}

import { EVENTS_OF_ANYONE, EVENTS_OF_WRITERS } from "./github-events.ts";
import type { IssuerType } from "./issuer.ts";

/**
 * Jobs that outsiders can cause in the name of a repository that is not theirs. A policy may not be used for such a job,
 * whatever its conditions say, unless it names the claim with exact values: no pattern lifts a guard.
 */
export interface Guard {
  readonly name: string;
  readonly type: IssuerType;
  /** The claim that a policy must name to lift the guard. */
  readonly claim: string;
  /** Why, as a sentence without any value of the token. */
  readonly reason: string;
  /**
   * The values of that claim which a policy must all name; none where the token does not trip the guard.
   *
   * @param claim the canonical strings of a claim's elements, empty for what has none; nothing where the token lacks
   * the claim.
   */
  readonly toName: (claim: (name: string) => readonly string[]) => readonly string[];
}

const PULL_REQUEST_TARGET = "pull_request_target";
const WORKFLOW_RUN = "workflow_run";

export const GUARDS: readonly Guard[] = [
  eventGuard(
    PULL_REQUEST_TARGET,
    "pull_request_target runs with the identity of the base repository for anyone who opens a pull request",
    (event) => event === PULL_REQUEST_TARGET,
  ),
  eventGuard(
    WORKFLOW_RUN,
    "workflow_run runs with the identity of the repository after a workflow that a fork may have started",
    (event) => event === WORKFLOW_RUN,
  ),
  eventGuard(
    "event_of_anyone",
    "anyone who can see the repository can start this event, and it runs with the repository's identity",
    (event) => EVENTS_OF_ANYONE.has(event),
  ),
  eventGuard(
    "unlisted_event",
    "this event is not on the list of those that only people with write access can start",
    (event) => !isNamedByAnotherGuard(event) && !EVENTS_OF_WRITERS.has(event),
  ),
  {
    name: "foreign_job_project",
    type: "gitlab",
    claim: "job_project_id",
    reason: "the job runs in another project than the one whose code it runs, as a fork's merge request does",
    toName: (claim) => {
      const ran = claim("job_project_id");
      return ran.length > 0 && unequal(ran, claim("project_id")) ? ran : [];
    },
  },
  {
    name: "merge_request_of_unknown_project",
    type: "gitlab",
    claim: "pipeline_source",
    reason:
      "this GitLab is too old to say whose code a merge request runs: a fork's job has the parent's identity",
    toName: (claim) =>
      claim("job_project_id").length > 0
        ? []
        : claim("pipeline_source").filter((source) => source === "merge_request_event"),
  },
];

function eventGuard(name: string, reason: string, guards: (event: string) => boolean): Guard {
  return {
    name,
    type: "github",
    claim: "event_name",
    reason,
    toName: (claim) => claim("event_name").filter(guards),
  };
}

function isNamedByAnotherGuard(event: string): boolean {
  return event === PULL_REQUEST_TARGET || event === WORKFLOW_RUN || EVENTS_OF_ANYONE.has(event);
}

function unequal(left: readonly string[], right: readonly string[]): boolean {
  return left.length !== right.length || left.some((value, index) => value !== right[index]);
}

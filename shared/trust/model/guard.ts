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
  /** The value that must be among those named; where there is none, any that holds. */
  readonly value?: string;
  /** Why, as a sentence without any value of the token. */
  readonly reason: string;
  /** @param claim the canonical strings of a claim's elements; none where the token lacks the claim. */
  readonly trips: (claim: (name: string) => readonly string[]) => boolean;
}

const unequal = (left: readonly string[], right: readonly string[]): boolean =>
  left.length !== right.length || left.some((value, index) => value !== right[index]);

export const GUARDS: readonly Guard[] = [
  {
    name: "pull_request_target",
    type: "github",
    claim: "event_name",
    value: "pull_request_target",
    reason:
      "pull_request_target runs with the identity of the base repository for anyone who opens a pull request",
    trips: (claim) => claim("event_name").includes("pull_request_target"),
  },
  {
    name: "workflow_run",
    type: "github",
    claim: "event_name",
    value: "workflow_run",
    reason:
      "workflow_run runs with the identity of the repository after a workflow that a fork may have started",
    trips: (claim) => claim("event_name").includes("workflow_run"),
  },
  {
    name: "foreign_job_project",
    type: "gitlab",
    claim: "job_project_id",
    reason: "the job runs in another project than the one whose code it runs, as a fork's merge request does",
    trips: (claim) =>
      claim("job_project_id").length > 0 && unequal(claim("job_project_id"), claim("project_id")),
  },
  {
    name: "merge_request_of_unknown_project",
    type: "gitlab",
    claim: "pipeline_source",
    reason:
      "this GitLab is too old to say whose code a merge request runs: a fork's job has the parent's identity",
    trips: (claim) =>
      claim("pipeline_source").includes("merge_request_event") && claim("job_project_id").length === 0,
  },
];

import type { JsonObject } from "../../json.ts";
import { type Fixture, text } from "./fixture.ts";

/** GitHub's claims of a push, but for those that GitHub makes out of others. */
export const GITHUB_PUSH: JsonObject = {
  ref: "refs/heads/main",
  ref_type: "branch",
  ref_protected: "true",
  sha: "9f3182061f1e2cca4702c368cbc039b7dc9d4485",
  repository: "brightfen/orders-api",
  repository_id: "1342205517",
  repository_owner: "brightfen",
  repository_owner_id: "214907733",
  repository_visibility: "private",
  actor: "mira-okafor",
  actor_id: "90417726",
  event_name: "push",
  head_ref: "",
  base_ref: "",
  workflow: "Release",
  run_id: "19843377210",
  run_number: "412",
  run_attempt: "1",
  check_run_id: "56712099834",
  runner_environment: "github-hosted",
};

const GITHUB_PULL_REQUEST: JsonObject = {
  event_name: "pull_request",
  ref: "refs/pull/7/merge",
  ref_protected: "false",
  head_ref: "fix-rounding",
  base_ref: "main",
};

const OUTSIDER: JsonObject = { actor: "kind-stranger", actor_id: "77120934" };

/** A comment, a review or a check on a pull request: it concerns the pull request's merge commit. */
const ON_PULL_REQUEST: JsonObject = { ref: "refs/pull/7/merge", ref_protected: "false" };

export const GITHUB_FIXTURES = {
  "github/push": github("a push to the default branch", {}),
  "github/pull-request": github("a pull request from a branch of the same repository", GITHUB_PULL_REQUEST),
  "github/fork-pull-request": github("a pull request from a fork (GitHub mints no token for it)", {
    ...GITHUB_PULL_REQUEST,
    ...OUTSIDER,
  }),
  "github/fork-push": github("hostile: the same workflow, run by a fork in its own name", {
    ...OUTSIDER,
    repository: "kind-stranger/orders-api",
    repository_id: "1401177254",
    repository_owner: "kind-stranger",
    repository_owner_id: "77120934",
  }),
  "github/pull-request-target": github("hostile: anyone's pull request, in the base repository's name", {
    ...OUTSIDER,
    event_name: "pull_request_target",
    head_ref: "patch-1",
    base_ref: "main",
  }),
  "github/workflow-run": github("hostile: follows a workflow that a fork may have started", {
    ...OUTSIDER,
    event_name: "workflow_run",
  }),
  "github/tag": github("a push of a tag", {
    ref: "refs/tags/v1.4.0",
    ref_type: "tag",
    ref_protected: "false",
  }),
  "github/environment": github("a job of an environment", { environment: "production" }),
  "github/reusable-workflow": github("a job of an environment, in a reusable workflow of the organisation", {
    environment: "production",
    job_workflow_ref: "brightfen/platform-workflows/.github/workflows/deploy.yml@refs/tags/v3",
    job_workflow_sha: "1d2c3b4a5968778695a4b3c2d1e0f00112233445",
  }),
  "github/schedule": github("a schedule on the default branch", { event_name: "schedule" }),
  "github/workflow-dispatch": github("started by hand", { event_name: "workflow_dispatch" }),
  "github/repository-dispatch": github("started over the API", { event_name: "repository_dispatch" }),
  "github/merge-group": github("a pull request in the merge queue", {
    event_name: "merge_group",
    ref: "refs/heads/gh-readonly-queue/main/pr-7-9f3182061f1e2cca4702c368cbc039b7dc9d4485",
  }),
  "github/release": github("a release is published", {
    event_name: "release",
    ref: "refs/tags/v1.4.0",
    ref_type: "tag",
  }),
  "github/deployment": github("a deployment is created for a commit", { event_name: "deployment", ref: "" }),
  "github/public": github("the repository is made public", { event_name: "public" }),
  "github/issues": byAnyone("hostile: anyone opens an issue", "issues"),
  "github/issue-comment": byAnyone("hostile: anyone comments on an issue or a pull request", "issue_comment"),
  "github/discussion": byAnyone("hostile: anyone opens a discussion", "discussion"),
  "github/discussion-comment": byAnyone("hostile: anyone comments on a discussion", "discussion_comment"),
  "github/pull-request-review": byAnyone(
    "hostile: anyone reviews a pull request",
    "pull_request_review",
    ON_PULL_REQUEST,
  ),
  "github/pull-request-review-comment": byAnyone(
    "hostile: anyone comments on the changes of a pull request",
    "pull_request_review_comment",
    ON_PULL_REQUEST,
  ),
  "github/fork": byAnyone("hostile: anyone forks the repository", "fork"),
  "github/watch": byAnyone("hostile: anyone stars the repository", "watch"),
  "github/gollum": byAnyone("hostile: anyone edits a page of an open wiki", "gollum"),
  "github/check-run": byAnyone("hostile: an app checks the commit of anyone's pull request", "check_run"),
  "github/status": byAnyone("hostile: an app sets the status of a commit of anyone's pull request", "status"),
  "github/unlisted-event": byAnyone("an event that GitHub may add one day", "star"),
} as const satisfies Record<string, Fixture>;

function github(about: string, claims: JsonObject): Fixture {
  return { type: "github", about, claims };
}

/** An event of the repository's default branch that an outsider starts. */
function byAnyone(about: string, event: string, claims: JsonObject = {}): Fixture {
  return github(about, { ...OUTSIDER, event_name: event, ...claims });
}

/** The claims that GitHub makes out of others. */
export function madeByGithub(claims: JsonObject): JsonObject {
  const [owner, name] = text(claims, "repository").split("/");
  const ids = `${owner}@${text(claims, "repository_owner_id")}/${name}@${text(claims, "repository_id")}`;
  const workflow = `${text(claims, "repository")}/.github/workflows/release.yml@${text(claims, "ref")}`;
  return {
    sub: `repo:${ids}:${githubContext(claims)}`,
    workflow_ref: workflow,
    workflow_sha: claims["sha"] ?? null,
    job_workflow_ref: workflow,
    job_workflow_sha: claims["sha"] ?? null,
  };
}

/** The tail of the default `sub`: the environment, else the pull request, else the ref. */
function githubContext(claims: JsonObject): string {
  const environment = text(claims, "environment");
  if (environment !== "") return `environment:${environment.replaceAll(":", "%3A")}`;
  return text(claims, "event_name") === "pull_request" ? "pull_request" : `ref:${text(claims, "ref")}`;
}

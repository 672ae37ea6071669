import type { JsonObject, JsonValue } from "../../json.ts";
import type { IssuerType } from "../model/issuer.ts";

/** The claims of a typical token: what the provider mints for one kind of event, usual or hostile. */
export interface Fixture {
  readonly type: IssuerType;
  /** One line for people who look for the right fixture. */
  readonly about: string;
  /** What differs from the provider's plain push. `null` takes a claim away. */
  readonly claims: JsonObject;
}

/** When every fixture is minted: 2026-11-22T10:00:00Z. */
const MINTED_AT = 1_795_341_600;

const GITHUB_PUSH: JsonObject = {
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

const GITLAB_PUSH: JsonObject = {
  namespace_id: "98231144",
  namespace_path: "fernway/platform",
  project_id: "74210093",
  project_path: "fernway/platform/billing",
  user_id: "18422017",
  user_login: "t.lindqvist",
  user_email: "t.lindqvist@fernway.example",
  user_access_level: "maintainer",
  pipeline_id: "2069090987",
  pipeline_source: "push",
  job_id: "11530106120",
  job_source: "push",
  ref: "main",
  ref_type: "branch",
  ref_protected: "true",
  runner_id: 12_270_852,
  runner_environment: "gitlab-hosted",
  sha: "714a629c0b401fdce83e847fc9589983fc6f46bc",
  project_visibility: "private",
};

const GITLAB_MERGE_REQUEST: JsonObject = {
  pipeline_source: "merge_request_event",
  job_source: "merge_request_event",
  ref: "fix-rounding",
  ref_protected: "false",
};

const FORK: JsonObject = {
  project_id: "80115522",
  project_path: "kind-stranger/billing",
  namespace_id: "99871200",
  namespace_path: "kind-stranger",
  user_id: "21990031",
  user_login: "kind-stranger",
  user_email: "kind-stranger@mail.example",
  user_access_level: "owner",
};

/** Where a fork's merge request runs: in the parent, by the parent's runners. */
const IN_PARENT: JsonObject = {
  job_project_id: "74210093",
  job_project_path: "fernway/platform/billing",
  job_namespace_id: "98231144",
  job_namespace_path: "fernway/platform",
};

const NO_JOB_PROJECT: JsonObject = {
  job_project_id: null,
  job_project_path: null,
  job_namespace_id: null,
  job_namespace_path: null,
};

/** Every fixture, by the name that a test uses. */
export const FIXTURES = {
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
  "gitlab/protected-branch": gitlab("a push to a protected branch", {}),
  "gitlab/unprotected-branch": gitlab("a push to a branch that every developer may push", {
    ref: "fix-rounding",
    ref_protected: "false",
    user_access_level: "developer",
  }),
  "gitlab/tag": gitlab("a push of a protected tag", { ref: "v1.4.0", ref_type: "tag" }),
  "gitlab/tag-named-like-branch": gitlab("hostile: a tag with the name of the default branch", {
    ref: "main",
    ref_type: "tag",
    ref_protected: "false",
  }),
  "gitlab/environment": gitlab("a job of a protected environment", {
    environment: "production",
    environment_protected: "true",
    deployment_tier: "production",
    environment_action: "start",
  }),
  "gitlab/merge-request": gitlab("a merge request from a branch of the same project", GITLAB_MERGE_REQUEST),
  "gitlab/fork-merge-request": gitlab("hostile: a fork's merge request, run in the parent project", {
    ...GITLAB_MERGE_REQUEST,
    ...FORK,
    ...IN_PARENT,
  }),
  "gitlab/fork-merge-request-old": gitlab(
    "hostile: the same from a GitLab before 18.2, in the parent project's name",
    {
      ...GITLAB_MERGE_REQUEST,
      ...NO_JOB_PROJECT,
      user_login: "kind-stranger",
      user_access_level: "developer",
    },
  ),
  "gitlab/schedule": gitlab("a schedule on a protected branch", {
    pipeline_source: "schedule",
    job_source: "schedule",
  }),
} as const satisfies Record<string, Fixture>;

export type FixtureName = keyof typeof FIXTURES;

export function isFixtureName(name: string): name is FixtureName {
  return Object.hasOwn(FIXTURES, name);
}

/**
 * The claims of a fixture with some of its own replaced or, by `null`, taken away. Claims that the provider makes out of
 * others (`sub`, `workflow_ref`, `ref_path` …) follow them unless they are replaced too.
 */
export function fixtureClaims(name: FixtureName, issuer: string, overrides: JsonObject = {}): JsonObject {
  const fixture: Fixture = FIXTURES[name];
  const base = fixture.type === "github" ? GITHUB_PUSH : GITLAB_PUSH;
  const claims = { ...base, ...fixture.claims, ...overrides };
  const made = fixture.type === "github" ? madeByGithub(claims) : madeByGitlab(claims, issuer);
  return withoutNulls({ ...registered(fixture.type), ...made, ...claims, iss: issuer });
}

function github(about: string, claims: JsonObject): Fixture {
  return { type: "github", about, claims };
}

function gitlab(about: string, claims: JsonObject): Fixture {
  return { type: "gitlab", about, claims };
}

function registered(type: IssuerType): JsonObject {
  const [validBefore, lifetime] = type === "github" ? [600, 300] : [5, 3_600];
  return {
    jti: "0f7c9a52-6a1e-4f0b-9c1d-4b8a2f3e7d61",
    iat: MINTED_AT,
    nbf: MINTED_AT - validBefore,
    exp: MINTED_AT + lifetime,
  };
}

function madeByGithub(claims: JsonObject): JsonObject {
  const [owner, name] = word(claims, "repository").split("/");
  const ids = `${owner}@${word(claims, "repository_owner_id")}/${name}@${word(claims, "repository_id")}`;
  const workflow = `${word(claims, "repository")}/.github/workflows/release.yml@${word(claims, "ref")}`;
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
  const environment = word(claims, "environment");
  if (environment !== "") return `environment:${environment.replaceAll(":", "%3A")}`;
  return word(claims, "event_name") === "pull_request" ? "pull_request" : `ref:${word(claims, "ref")}`;
}

function madeByGitlab(claims: JsonObject, issuer: string): JsonObject {
  const refPath = `refs/${word(claims, "ref_type") === "tag" ? "tags" : "heads"}/${word(claims, "ref")}`;
  const project = word(claims, "project_path");
  return {
    sub: `project_path:${project}:ref_type:${word(claims, "ref_type")}:ref:${word(claims, "ref")}`,
    ref_path: refPath,
    job_project_id: claims["project_id"] ?? null,
    job_project_path: project,
    job_namespace_id: claims["namespace_id"] ?? null,
    job_namespace_path: claims["namespace_path"] ?? null,
    ci_config_ref_uri: `${issuer.replace(/^https?:\/\//, "")}/${project}//.gitlab-ci.yml@${refPath}`,
    ci_config_sha: claims["sha"] ?? null,
  };
}

function word(claims: JsonObject, name: string): string {
  return String(claims[name] ?? "");
}

function withoutNulls(claims: JsonObject): JsonObject {
  const kept = Object.entries(claims).filter(
    (entry): entry is [string, Exclude<JsonValue, null>] => entry[1] !== null,
  );
  return Object.fromEntries(kept);
}

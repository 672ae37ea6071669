import type { JsonObject } from "../../json.ts";
import { type Fixture, text } from "./fixture.ts";

/** GitLab's claims of a push, but for those that GitLab makes out of others. */
export const GITLAB_PUSH: JsonObject = {
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

export const GITLAB_FIXTURES = {
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

function gitlab(about: string, claims: JsonObject): Fixture {
  return { type: "gitlab", about, claims };
}

/** The claims that GitLab makes out of others. */
export function madeByGitlab(claims: JsonObject, issuer: string): JsonObject {
  const refPath = `refs/${text(claims, "ref_type") === "tag" ? "tags" : "heads"}/${text(claims, "ref")}`;
  const project = text(claims, "project_path");
  return {
    sub: `project_path:${project}:ref_type:${text(claims, "ref_type")}:ref:${text(claims, "ref")}`,
    ref_path: refPath,
    job_project_id: claims["project_id"] ?? null,
    job_project_path: project,
    job_namespace_id: claims["namespace_id"] ?? null,
    job_namespace_path: claims["namespace_path"] ?? null,
    ci_config_ref_uri: `${issuer.replace(/^https?:\/\//, "")}/${project}//.gitlab-ci.yml@${refPath}`,
    ci_config_sha: claims["sha"] ?? null,
  };
}

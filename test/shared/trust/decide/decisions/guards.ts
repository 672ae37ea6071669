import type { JsonObject } from "../../../../../shared/json.ts";
import { type FixtureName, fixtureClaims } from "../../../../../shared/trust/tools/fixtures.ts";
import { denied, granted, policy, type Refused, type Row, refused } from "./row.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const GITLAB = "https://gitlab.com";
const REPO = { "jwt.claim.repository_id": "1342205517" };
const PROJECT = { "jwt.claim.project_id": "74210093" };
const EVENT = "jwt.claim.event_name";
const JOB_PROJECT = "jwt.claim.job_project_id";
const SOURCE = "jwt.claim.pipeline_source";

function guard(
  it: string,
  match: JsonObject,
  fixture: FixtureName,
  expected: Row["expected"],
  ask?: Row["ask"],
  overrides: JsonObject = {},
): Row {
  const issuer = fixture.startsWith("github") ? "github" : "gitlab";
  const claims = fixtureClaims(fixture, issuer === "github" ? GITHUB : GITLAB, overrides);
  const one = policy(match, { issuer });
  return {
    it: `${fixture}: ${it}`,
    issuer,
    policies: [one],
    claims,
    expected,
    ...(ask === undefined ? {} : { ask }),
  };
}

const target = refused("guard_refused", `guard:pull_request_target ${EVENT}`);
const run = refused("guard_refused", `guard:workflow_run ${EVENT}`);
const anyone = refused("guard_refused", `guard:event_of_anyone ${EVENT}`);
const unlisted = refused("guard_refused", `guard:unlisted_event ${EVENT}`);
const foreign = refused("guard_refused", `guard:foreign_job_project ${JOB_PROJECT}`);
const old = refused("guard_refused", `guard:merge_request_of_unknown_project ${SOURCE}`);
const FORK = { "jwt.claim.project_id": "80115522" };

/** Events that only people with write access can start. */
const OF_WRITERS: readonly FixtureName[] = [
  "github/repository-dispatch",
  "github/merge-group",
  "github/release",
  "github/deployment",
  "github/public",
];

/** Events that outsiders can start, by their fixture, with the name that a policy must write. */
const OF_OUTSIDERS: readonly (readonly [FixtureName, string, Refused])[] = [
  ["github/issues", "issues", anyone],
  ["github/issue-comment", "issue_comment", anyone],
  ["github/discussion", "discussion", anyone],
  ["github/discussion-comment", "discussion_comment", anyone],
  ["github/pull-request-review", "pull_request_review", anyone],
  ["github/pull-request-review-comment", "pull_request_review_comment", anyone],
  ["github/fork", "fork", anyone],
  ["github/watch", "watch", anyone],
  ["github/gollum", "gollum", anyone],
  ["github/check-run", "check_run", unlisted],
  ["github/status", "status", unlisted],
  ["github/unlisted-event", "star", unlisted],
];

/** As the fixtures have no event of these names: whatever GitHub calls it, it is not on the list. */
const UNKNOWN_EVENTS = ["dynamic", "PUSH", "push ", "", "constructor", "check_suite", "registry_package"];

/** Events that outsiders can cause, through the fixtures of both providers. */
export const guardRows: readonly Row[] = [
  ...OF_WRITERS.map((fixture) => guard("goes through", REPO, fixture, granted())),
  ...OF_OUTSIDERS.flatMap(([fixture, event, expected]) => [
    guard("is refused", REPO, fixture, expected),
    guard("is refused also by name", REPO, fixture, expected, { policy: "p" }),
    guard("is lifted by its exact name", { ...REPO, [EVENT]: ["push", event] }, fixture, granted()),
    guard("is not lifted by a pattern", { ...REPO, [EVENT]: { glob: "**" } }, fixture, expected),
    guard("is not lifted by not", { ...REPO, [EVENT]: { not: "push" } }, fixture, expected),
    guard("is not lifted by exists", { ...REPO, [EVENT]: { exists: true } }, fixture, expected),
    guard("is not lifted by another event", { ...REPO, [EVENT]: "pull_request_target" }, fixture, expected),
  ]),
  ...UNKNOWN_EVENTS.map((event) =>
    guard(`the event ${JSON.stringify(event)} is not on the list`, REPO, "github/push", unlisted, undefined, {
      event_name: event,
    }),
  ),
  guard("an event that can't be compared is not on the list", REPO, "github/push", unlisted, undefined, {
    event_name: [{}],
  }),
  guard(
    "nothing lifts the guard of what can't be compared",
    { ...REPO, [EVENT]: ["push", "star"] },
    "github/push",
    unlisted,
    undefined,
    { event_name: ["star", {}] },
  ),
  guard("a token without an event trips nothing", REPO, "github/push", granted(), undefined, {
    event_name: null,
  }),
  guard("goes through", REPO, "github/push", granted()),
  guard("goes through", REPO, "github/pull-request", granted()),
  guard("goes through", REPO, "github/schedule", granted()),
  guard("goes through", REPO, "github/tag", granted()),
  guard("goes through", REPO, "github/environment", granted()),
  guard("goes through", REPO, "github/reusable-workflow", granted()),
  guard("goes through", REPO, "github/workflow-dispatch", granted()),
  guard("is another repository", REPO, "github/fork-push", denied("jwt.claim.repository_id")),
  guard("is refused", REPO, "github/pull-request-target", target),
  guard("is refused also by name", REPO, "github/pull-request-target", target, { policy: "p" }),
  guard(
    "is lifted by its exact name",
    { ...REPO, [EVENT]: "pull_request_target" },
    "github/pull-request-target",
    granted(),
  ),
  guard(
    "is lifted by its name in a list",
    { ...REPO, [EVENT]: ["push", "pull_request_target"] },
    "github/pull-request-target",
    granted(),
  ),
  guard(
    "is not lifted by a pattern",
    { ...REPO, [EVENT]: { glob: "pull_*" } },
    "github/pull-request-target",
    target,
  ),
  guard(
    "is not lifted by its name next to a pattern",
    { ...REPO, [EVENT]: ["pull_request_target", { glob: "x*" }] },
    "github/pull-request-target",
    target,
  ),
  guard("is not lifted by not", { ...REPO, [EVENT]: { not: "push" } }, "github/pull-request-target", target),
  guard(
    "is not lifted by exists",
    { ...REPO, [EVENT]: { exists: true } },
    "github/pull-request-target",
    target,
  ),
  guard("is not lifted by another event", { ...REPO, [EVENT]: "push" }, "github/pull-request-target", target),
  guard(
    "once lifted, the other conditions count",
    { ...REPO, [EVENT]: "pull_request_target", "jwt.claim.ref": "refs/heads/x" },
    "github/pull-request-target",
    denied("jwt.claim.ref"),
  ),
  guard("is refused", REPO, "github/workflow-run", run),
  guard(
    "is lifted by its exact name",
    { ...REPO, [EVENT]: "workflow_run" },
    "github/workflow-run",
    granted(),
  ),
  guard(
    "is not lifted by the other event's name",
    { ...REPO, [EVENT]: "pull_request_target" },
    "github/workflow-run",
    run,
  ),
  guard("an array of events trips as well", REPO, "github/push", target, undefined, {
    event_name: ["push", "pull_request_target"],
  }),
  guard(
    "of an array of events, each must be named",
    { ...REPO, [EVENT]: "pull_request_target" },
    "github/push",
    run,
    undefined,
    { event_name: ["pull_request_target", "workflow_run"] },
  ),
  guard(
    "of an array of events, each is named",
    { ...REPO, [EVENT]: ["workflow_run", "pull_request_target"] },
    "github/push",
    granted(),
    undefined,
    { event_name: ["pull_request_target", "workflow_run"] },
  ),
  guard(
    "of an array of events, each must be named, whichever it is",
    { ...REPO, [EVENT]: "workflow_run" },
    "github/push",
    target,
    undefined,
    { event_name: ["pull_request_target", "workflow_run"] },
  ),
  guard("goes through", PROJECT, "gitlab/protected-branch", granted()),
  guard("goes through", PROJECT, "gitlab/environment", granted()),
  guard("goes through", PROJECT, "gitlab/merge-request", granted()),
  guard("goes through", PROJECT, "gitlab/schedule", granted()),
  guard("is another project", PROJECT, "gitlab/fork-merge-request", foreign),
  guard("is refused even to a policy for the fork", FORK, "gitlab/fork-merge-request", foreign),
  guard(
    "is lifted by the project that it runs in",
    { ...FORK, [JOB_PROJECT]: "74210093" },
    "gitlab/fork-merge-request",
    granted(),
  ),
  guard(
    "is not lifted by another project",
    { ...FORK, [JOB_PROJECT]: "1" },
    "gitlab/fork-merge-request",
    foreign,
  ),
  guard(
    "is not lifted by a pattern",
    { ...FORK, [JOB_PROJECT]: { glob: "**" } },
    "gitlab/fork-merge-request",
    foreign,
  ),
  guard("is refused", PROJECT, "gitlab/fork-merge-request-old", old),
  guard(
    "is lifted by the source of the pipeline",
    { ...PROJECT, [SOURCE]: "merge_request_event" },
    "gitlab/fork-merge-request-old",
    granted(),
  ),
  guard(
    "is not lifted by exists",
    { ...PROJECT, [SOURCE]: { exists: true } },
    "gitlab/fork-merge-request-old",
    old,
  ),
  guard(
    "a number that is the same project trips nothing by its type",
    PROJECT,
    "gitlab/protected-branch",
    granted(),
    undefined,
    { job_project_id: 74210093 },
  ),
  guard(
    "a protected branch is told from a tag of its name",
    { ...PROJECT, "jwt.claim.ref_path": "refs/heads/main" },
    "gitlab/tag-named-like-branch",
    denied("jwt.claim.ref_path"),
  ),
  guard(
    "an unprotected branch is told",
    { ...PROJECT, "jwt.claim.ref_protected": "true" },
    "gitlab/unprotected-branch",
    denied("jwt.claim.ref_protected"),
  ),
];

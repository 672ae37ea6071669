import type { JsonObject } from "../../../../../shared/json.ts";
import { denied, granted, type Row, row } from "./row.ts";

const derived =
  (issuer: string) => (it: string, match: JsonObject, claims: JsonObject, expected: Row["expected"]) =>
    row(it, match, claims, expected, { issuer });
const github = derived("ghes");
const gitlab = derived("lab");

const CALLER = "brightfen/orders-api/.github/workflows/release.yml@refs/heads/main";
const CALLED = "brightfen/workflows/.github/workflows/deploy.yml@refs/tags/v3";
const REPOSITORY = "github.workflow.repository";
const PATH = "github.workflow.path";
const REF = "github.workflow.ref";
const JOB_PATH = "github.job_workflow.path";
const JOB_REF = "github.job_workflow.ref";
const CONFIG = "gitlab.example.org/fernway/platform/billing//.gitlab-ci.yml@refs/heads/main";
const MAIN = "refs/heads/main";

/** An attribute that a policy denies, its claim, and that claim as it is named, unreadable, and another. */
const DENIED = {
  lab: [
    "gitlab.ci_config.path",
    "ci_config_ref_uri",
    "h/p//x.yml@refs/heads/main",
    "h/p//x.yml@refs/heads/a@b",
    "h/p//y.yml@refs/heads/main",
  ],
  ghes: [
    "github.workflow.path",
    "workflow_ref",
    "o/r/.github/workflows/x.yml@refs/heads/main",
    "o/r/.github/workflows/x.yml",
    "o/r/.github/workflows/y.yml@refs/heads/main",
  ],
} as const;

/** What GitHub's and GitLab's compound claims are read into, and that what has two readings has none. */
export const derivedRows: readonly Row[] = [
  github(
    "the workflow's repository",
    { [REPOSITORY]: "brightfen/orders-api" },
    { workflow_ref: CALLER },
    granted(),
  ),
  github(
    "the workflow's path",
    { [PATH]: ".github/workflows/release.yml" },
    { workflow_ref: CALLER },
    granted(),
  ),
  github("the workflow's ref", { [REF]: MAIN }, { workflow_ref: CALLER }, granted()),
  github("another path", { [PATH]: ".github/workflows/other.yml" }, { workflow_ref: CALLER }, denied(PATH)),
  github("no workflow_ref, no path", { [PATH]: { exists: true } }, {}, denied(PATH)),
  github("a number is no workflow_ref", { [PATH]: { exists: true } }, { workflow_ref: 7 }, denied(PATH)),
  github(
    "the called workflow is another one",
    { [JOB_PATH]: ".github/workflows/deploy.yml", [PATH]: ".github/workflows/release.yml" },
    { workflow_ref: CALLER, job_workflow_ref: CALLED },
    granted(),
  ),
  github("the called workflow's ref", { [JOB_REF]: "refs/tags/v3" }, { job_workflow_ref: CALLED }, granted()),
  github(
    "the called workflow's repository",
    { "github.job_workflow.repository": "brightfen/workflows" },
    { job_workflow_ref: CALLED },
    granted(),
  ),
  github(
    "a file name may hold @",
    { [PATH]: ".github/workflows/ci@v2.yml", [REF]: MAIN },
    { workflow_ref: "o/r/.github/workflows/ci@v2.yml@refs/heads/main" },
    granted(),
  ),
  github(
    "a branch may hold @",
    { [PATH]: ".github/workflows/ci.yml", [REF]: "refs/heads/x@y" },
    { workflow_ref: "o/r/.github/workflows/ci.yml@refs/heads/x@y" },
    granted(),
  ),
  github(
    "a branch can't pose as another ref",
    { [JOB_REF]: "refs/tags/v3" },
    { job_workflow_ref: "o/r/.github/workflows/d.yml@refs/heads/x@refs/tags/v3" },
    denied(JOB_REF),
  ),
  github(
    "a branch can't pose as another file",
    { [JOB_PATH]: ".github/workflows/d.yml@refs/heads/x.yml" },
    { job_workflow_ref: "o/r/.github/workflows/d.yml@refs/heads/x.yml@refs/tags/v3" },
    denied(JOB_PATH),
  ),
  github(
    "a commit is a ref",
    { [JOB_REF]: "1d2c3b4a5968778695a4b3c2d1e0f00112233445" },
    { job_workflow_ref: "o/r/.github/workflows/d.yml@1d2c3b4a5968778695a4b3c2d1e0f00112233445" },
    granted(),
  ),
  github(
    "what is no ref gives nothing",
    { [JOB_REF]: { exists: true } },
    { job_workflow_ref: "o/r/.github/workflows/d.yml@main" },
    denied(JOB_REF),
  ),
  github(
    "a file that lies deeper gives nothing",
    { [PATH]: { exists: true } },
    { workflow_ref: "o/r/.github/workflows/a/b.yml@refs/heads/main" },
    denied(PATH),
  ),
  github(
    "no @ gives nothing",
    { [PATH]: { exists: true } },
    { workflow_ref: "o/r/.github/workflows/ci.yml" },
    denied(PATH),
  ),
  github(
    "sub, classic: the repository",
    { "github.sub.repository": "o/r" },
    { sub: "repo:o/r:ref:refs/heads/main" },
    granted(),
  ),
  github(
    "sub, with ids: the repository",
    { "github.sub.repository": "o/r" },
    { sub: "repo:o@65/r@74:ref:refs/heads/main" },
    granted(),
  ),
  github(
    "sub, classic: the context",
    { "github.sub.context": "environment:prod" },
    { sub: "repo:o/r:environment:prod" },
    granted(),
  ),
  github(
    "sub, with ids: the context",
    { "github.sub.context": "environment:prod" },
    { sub: "repo:o@65/r@74:environment:prod" },
    granted(),
  ),
  github(
    "sub, with ids: the repository's id",
    { "github.sub.repository_id": "74" },
    { sub: "repo:o@65/r@74:pull_request" },
    granted(),
  ),
  github(
    "sub, with ids: the owner's id",
    { "github.sub.repository_owner_id": "65" },
    { sub: "repo:o@65/r@74:pull_request" },
    granted(),
  ),
  github(
    "sub, classic, has no ids",
    { "github.sub.repository_id": { exists: true } },
    { sub: "repo:o/r:pull_request" },
    denied("github.sub.repository_id"),
  ),
  github(
    "sub with one id gives nothing",
    { "github.sub.repository": { exists: true } },
    { sub: "repo:o@65/r:pull_request" },
    denied("github.sub.repository"),
  ),
  github(
    "sub in Forgejo's form is a name, not an id",
    { "github.sub.repository": "o-65/r-74" },
    { sub: "repo:o-65/r-74:ref:refs/heads/main" },
    granted(),
  ),
  github(
    "a customised sub gives nothing",
    { "github.sub.repository": { exists: true } },
    { sub: "repository_owner:monalisa" },
    denied("github.sub.repository"),
  ),
  gitlab(
    "the configuration's project",
    { "gitlab.ci_config.project": "fernway/platform/billing" },
    { ci_config_ref_uri: CONFIG, ref_path: MAIN },
    granted(),
  ),
  gitlab(
    "the configuration's path",
    { "gitlab.ci_config.path": ".gitlab-ci.yml" },
    { ci_config_ref_uri: CONFIG, ref_path: MAIN },
    granted(),
  ),
  gitlab(
    "the configuration's ref",
    { "gitlab.ci_config.ref": MAIN },
    { ci_config_ref_uri: CONFIG, ref_path: MAIN },
    granted(),
  ),
  gitlab(
    "a ref of its own, without another @",
    { "gitlab.ci_config.ref": MAIN },
    { ci_config_ref_uri: CONFIG, ref_path: "refs/heads/other" },
    granted(),
  ),
  gitlab(
    "a branch can't pose as another ref",
    { "gitlab.ci_config.ref": MAIN },
    {
      ci_config_ref_uri: "h/p//.gitlab-ci.yml@refs/heads/x@refs/heads/main",
      ref_path: "refs/heads/x@refs/heads/main",
    },
    denied("gitlab.ci_config.ref"),
  ),
  gitlab(
    "two readings are none",
    { "gitlab.ci_config.ref": { exists: true } },
    { ci_config_ref_uri: "h/p//a@b.yml@refs/heads/main", ref_path: "refs/heads/x" },
    denied("gitlab.ci_config.ref"),
  ),
  gitlab(
    "a path may hold @ where the ref is known",
    { "gitlab.ci_config.path": "a@b.yml" },
    { ci_config_ref_uri: "h/p//a@b.yml@refs/heads/main", ref_path: MAIN },
    granted(),
  ),
  gitlab(
    "null gives nothing",
    { "gitlab.ci_config.path": { exists: true } },
    { ci_config_ref_uri: null, ref_path: MAIN },
    denied("gitlab.ci_config.path"),
  ),
  ...["lab", "ghes"].flatMap((issuer): readonly Row[] => {
    const [attribute, claim, read, unread, other] = DENIED[issuer as keyof typeof DENIED];
    const deny = (it: string, claims: JsonObject, expected: Row["expected"]) =>
      row(`deny ${attribute}: ${it}`, { "jwt.claim.a": "1" }, { a: "1", ...claims }, expected, {
        issuer,
        deny: [{ [attribute]: { glob: "**x.yml" } }],
      });
    return [
      deny("what it names", { [claim]: read }, denied(attribute)),
      deny("another value", { [claim]: other }, granted()),
      deny("what can't be read", { [claim]: unread }, denied(attribute)),
      deny("null", { [claim]: null }, denied(attribute)),
      deny("nothing to read", {}, granted()),
    ];
  }),
];

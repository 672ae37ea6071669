import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../../local/clock.ts";
import { OUR_ISSUER, policyOf, type TrustDocument } from "../../../local/trust-document.ts";
import { type Exchange, startExchange } from "../../stage/exchange.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const ENTERPRISE = `${GITHUB}/brightfen-group`;
const DAY = 24 * 3600;

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange({ trust: withEnterprise });
});
afterAll(() => exchange.close());

/** The enterprise's own issuer signs with the keys of the common one, so its key set is pinned. */
function withEnterprise(document: TrustDocument): TrustDocument {
  return {
    ...document,
    allowedIssuers: [
      ...document.allowedIssuers,
      { id: "enterprise", type: "github", issuer: ENTERPRISE, jwksURI: `${GITHUB}/.well-known/jwks` },
    ],
    policies: [
      ...document.policies,
      {
        ...policyOf(document, "github-deploy"),
        name: "enterprise",
        issuer: "enterprise",
        spiffeId: "spiffe://{{ trustDomain }}/enterprise/{{ jwt.claim.repository_id }}",
      },
    ],
  };
}

interface Variant {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly audience?: unknown;
  /** A SPIFFE ID, or the code of the refusal. */
  readonly outcome: string;
}

const DEPLOY = "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production";
const BILLING = "spiffe://ci.example.org/gitlab/74210093/env/production";

const GITHUB_VARIANTS: Readonly<Record<string, Variant>> = {
  "as in the sample: immutable subject, environment, reusable workflow": { outcome: DEPLOY },
  "a classic subject": {
    claims: { sub: "repo:brightfen/orders-api:environment:production" },
    outcome: DEPLOY,
  },
  "a customised subject that every repository of the owner shares": {
    claims: { sub: "repository_owner:brightfen" },
    outcome: DEPLOY,
  },
  "no environment": {
    claims: {
      environment: undefined,
      environment_node_id: undefined,
      sub: "repo:brightfen/orders-api:ref:refs/heads/main",
    },
    outcome: "policy_denied",
  },
  "an owner that is in no enterprise": {
    claims: { enterprise: undefined, enterprise_id: undefined },
    outcome: DEPLOY,
  },
  "the enterprise's own issuer, allowed as such": {
    claims: { iss: ENTERPRISE },
    outcome: "spiffe://ci.example.org/enterprise/1342205517",
  },
  "another enterprise's issuer": { claims: { iss: `${GITHUB}/other-group` }, outcome: "issuer_not_allowed" },
  "a deployment that is tied to a commit and has no ref": { claims: { ref: "" }, outcome: "policy_denied" },
  "no x5t in the header": { header: {}, outcome: DEPLOY },
  "a fork with the same name": {
    claims: { repository_id: "2000000001", repository_owner_id: "999" },
    outcome: "policy_denied",
  },
  "a check_run_id that is a number": { claims: { check_run_id: 56712099834 }, outcome: DEPLOY },
  "claims that nobody has heard of yet": {
    claims: { repo_property_tier: "1", issuer_scope: "enterprise", brand_new: { nested: [true] } },
    outcome: DEPLOY,
  },
};

const GITLAB_VARIANTS: Readonly<Record<string, Variant>> = {
  "as in the sample: protected branch and environment": { outcome: BILLING },
  "our audience alone in an array": { audience: [OUR_ISSUER], outcome: BILLING },
  "our audience beside another": {
    audience: [OUR_ISSUER, "https://vault.example.org"],
    outcome: "token_audience_mismatch",
  },
  "a subject that starts with the project's id": {
    claims: { sub: "project_id:74210093:ref_type:branch:ref:main" },
    outcome: BILLING,
  },
  "a merge request from a fork, run in the parent project": {
    claims: {
      project_id: "80000001",
      project_path: "mallory/billing",
      pipeline_source: "merge_request_event",
    },
    // The guard refuses it, and the fork is not told so: no policy is for its project.
    outcome: "policy_denied",
  },
  "a tag that is named like the branch": {
    claims: { ref: "main", ref_type: "tag", ref_path: "refs/tags/main" },
    outcome: "policy_denied",
  },
  "groups_direct, an array": { claims: { groups_direct: ["fernway", "fernway/platform"] }, outcome: BILLING },
  "job_config, an object": {
    claims: { job_config: { url: "https://gitlab.com/fernway/policy", sha: "714a629c" } },
    outcome: BILLING,
  },
  "a ci_config_ref_uri that is null": {
    claims: { ci_config_ref_uri: null, ci_config_sha: null },
    outcome: BILLING,
  },
  "an older instance without job_project_id": {
    claims: {
      job_project_id: undefined,
      job_project_path: undefined,
      job_namespace_id: undefined,
      job_namespace_path: undefined,
    },
    outcome: BILLING,
  },
  "a lifetime of thirty days": { claims: { exp: now() + 30 * DAY }, outcome: "token_lifetime_exceeded" },
  "a branch that is not protected": { claims: { ref_protected: "false" }, outcome: "policy_denied" },
};

async function outcome(token: string): Promise<unknown> {
  const body = (await (await exchange.exchange(token)).json()) as Record<string, unknown>;
  return body["spiffe_id"] ?? body["code"];
}

describe("GitHub", () => {
  test.each(Object.entries(GITHUB_VARIANTS))("%s", async (_, { claims, header, ...variant }) => {
    const payload = exchange.github.claims(OUR_ISSUER, now(), claims);
    const x5t = { x5t: "q0VbL1x0dJk2m8bC7yH5s3ZpR9w" };
    expect(await outcome(await exchange.github.key.sign(payload, header ?? x5t))).toBe(variant.outcome);
  });
});

describe("GitLab", () => {
  test.each(Object.entries(GITLAB_VARIANTS))("%s", async (_, { claims, audience, ...variant }) => {
    expect(await outcome(await exchange.gitlab.token(audience ?? OUR_ISSUER, now(), claims))).toBe(
      variant.outcome,
    );
  });

  test("a user's login token, signed by a key of the same key set, is no job's", async () => {
    const claims = {
      iss: "https://gitlab.com",
      sub: "18422017",
      aud: OUR_ISSUER,
      iat: now(),
      exp: now() + 120,
    };
    const token = await exchange.gitlab.loginKey.sign({ ...claims, jti: "login" });
    expect(await outcome(token)).toBe("token_claim_missing");
  });
});

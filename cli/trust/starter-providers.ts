/** The parts of a new trust document that differ between CI providers. */
export interface StarterProvider {
  readonly issuer: (host: string) => string;
  /** The job that the policy is for, as a comment. */
  readonly job: string;
  /** The names of the claims that hold the two ids. */
  readonly ownerClaim: string;
  readonly repositoryClaim: string;
  /** The other conditions, as lines of YAML. */
  readonly conditions: readonly string[];
  readonly tests: readonly StarterTest[];
}

export interface StarterTest {
  readonly name: string;
  readonly fixture: string;
  /** YAML entries that replace claims of the fixture; `ids` are the entries for the ids of this repository. */
  readonly claims?: (ids: string) => string;
  readonly expect: string;
}

export const STARTER_PROVIDERS: Readonly<Record<"github" | "gitlab", StarterProvider>> = {
  github: {
    issuer: () => "https://token.actions.githubusercontent.com",
    job: 'A job of the environment "production" on the branch main. Allow this branch alone to deploy to the environment.',
    ownerClaim: "repository_owner_id",
    repositoryClaim: "repository_id",
    conditions: [
      "jwt.claim.environment: production",
      "jwt.claim.ref: refs/heads/main",
      "jwt.claim.ref_type: branch",
    ],
    tests: [
      {
        name: "production may deploy from main",
        fixture: "github/environment",
        claims: (ids) => ids,
        expect: "policy: deploy",
      },
      {
        name: "a pull request may not",
        fixture: "github/pull-request",
        claims: (ids) => ids,
        expect: "denied: policy_denied",
      },
      {
        name: "a fork may not",
        fixture: "github/fork-push",
        claims: () => "environment: production",
        expect: "denied: policy_denied",
      },
    ],
  },
  gitlab: {
    issuer: (host) => `https://${host}`,
    job: 'A job of the protected environment "production" on the protected branch main.',
    ownerClaim: "namespace_id",
    repositoryClaim: "project_id",
    conditions: [
      "jwt.claim.ref_path: refs/heads/main",
      'jwt.claim.ref_protected: "true"',
      "jwt.claim.environment: production",
      'jwt.claim.environment_protected: "true"',
    ],
    tests: [
      {
        name: "production may deploy from the protected branch",
        fixture: "gitlab/environment",
        claims: (ids) => ids,
        expect: "policy: deploy",
      },
      {
        name: "an unprotected branch may not",
        fixture: "gitlab/unprotected-branch",
        claims: (ids) => ids,
        expect: "denied: policy_denied",
      },
      {
        name: "a fork's merge request may not",
        fixture: "gitlab/fork-merge-request",
        expect: "denied: guard_refused",
      },
    ],
  },
};

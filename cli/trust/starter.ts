import { idsCommand, type Repository } from "./repository.ts";

export interface StarterOptions {
  readonly issuer: string;
  readonly trustDomain: string;
  readonly audience: string;
  readonly repository: Repository | undefined;
}

/** Stands where an id is not known: no repository has it, so that the policy grants nothing until it is replaced. */
export const UNKNOWN_ID = "0";

const SCHEMA = "https://raw.githubusercontent.com/svid-exchange/svid-exchange/main/trust.schema.json";

const LOCAL_ISSUER = "# This one is wrangler dev's; write the Worker's https:// address before you deploy.\n";

/** A trust document to begin with: one policy for the repository it is written in, and tests that say what it means. */
export function starterDocument(options: StarterOptions): string {
  const { issuer, trustDomain, repository } = options;
  return `# yaml-language-server: $schema=${SCHEMA}
#
# The trust document: who may ask, and which SPIFFE ID each CI job may have.
#   svid-exchange check             finds mistakes, and what most likely is one
#   svid-exchange test              runs the tests at the end
#   svid-exchange explain --help    shows why a job is granted or refused
#   svid-exchange apply --local     puts it in force for wrangler dev;  --remote: for the deployed exchange
version: 1

# The first part of every SPIFFE ID. It names your organisation's CI, and never changes.
trustDomain: ${trustDomain}

# The exchange's own address, which is the iss of its SVIDs and the audience of the tokens that it takes.
${issuer.startsWith("http:") ? LOCAL_ISSUER : ""}issuer: ${issuer}

# Whose tokens are taken: each issuer exactly as the tokens have it.
allowedIssuers:
${allowedIssuer(repository)}

policies:
${repository?.type === "gitlab" ? gitlabPolicy(options) : githubPolicy(options)}

# What must stay true, whoever edits this file: svid-exchange test, and apply before it changes anything.
tests:
${repository?.type === "gitlab" ? gitlabTests(repository) : githubTests(repository)}
`;
}

function allowedIssuer(repository: Repository | undefined): string {
  if (repository?.type !== "gitlab") {
    return "  - { id: github, type: github, issuer: https://token.actions.githubusercontent.com }";
  }
  return `  - { id: gitlab, type: gitlab, issuer: https://${repository.host} }`;
}

/** How the ids got here, or how they get here. */
function idsComment(repository: Repository | undefined): string {
  if (repository === undefined)
    return "      # Replace both ids: gh api repos/OWNER/NAME --jq '.id, .owner.id'";
  const known = repository.id !== undefined && repository.ownerId !== undefined;
  return known
    ? `      # ${repository.path}. Ids stay when names change, and no one else can get them.`
    : `      # Replace both ids by those of ${repository.path}: ${idsCommand(repository)}`;
}

function githubPolicy({ audience, repository }: StarterOptions): string {
  return `  # A job of the environment "production", on the branch main. Let the environment take that branch alone.
  - name: deploy
    issuer: github
    match:
${idsComment(repository)}
      jwt.claim.repository_owner_id: "${repository?.ownerId ?? UNKNOWN_ID}"
      jwt.claim.repository_id: "${repository?.id ?? UNKNOWN_ID}"
      jwt.claim.environment: production
      jwt.claim.ref: refs/heads/main
      jwt.claim.ref_type: branch
    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}/env/{{ jwt.claim.environment }}"
    # Who the SVID is for: each service refuses those of another.
    audiences: [${audience}]
    ttl: 5m`;
}

function gitlabPolicy({ audience, repository }: StarterOptions): string {
  return `  # A job of the protected environment "production", on the protected branch main.
  - name: deploy
    issuer: gitlab
    match:
${idsComment(repository)}
      jwt.claim.namespace_id: "${repository?.ownerId ?? UNKNOWN_ID}"
      jwt.claim.project_id: "${repository?.id ?? UNKNOWN_ID}"
      jwt.claim.ref_path: refs/heads/main
      jwt.claim.ref_protected: "true"
      jwt.claim.environment: production
      jwt.claim.environment_protected: "true"
    spiffeId: "spiffe://{{ trustDomain }}/gitlab/{{ jwt.claim.project_id }}/env/{{ jwt.claim.environment }}"
    # Who the SVID is for: each service refuses those of another.
    audiences: [${audience}]
    ttl: 5m`;
}

function githubTests(repository: Repository | undefined): string {
  const own = `repository_id: "${repository?.id ?? UNKNOWN_ID}", repository_owner_id: "${repository?.ownerId ?? UNKNOWN_ID}"`;
  return `  - name: production may deploy from main
    issuer: github
    fixture: github/environment
    claims: { ${own} }
    expect: { policy: deploy }
  - name: a pull request may not
    issuer: github
    fixture: github/pull-request
    claims: { ${own} }
    expect: { denied: policy_denied }
  - name: a fork may not
    issuer: github
    fixture: github/fork-push
    claims: { environment: production }
    expect: { denied: policy_denied }`;
}

function gitlabTests(repository: Repository): string {
  const own = `project_id: "${repository.id ?? UNKNOWN_ID}", namespace_id: "${repository.ownerId ?? UNKNOWN_ID}"`;
  return `  - name: production may deploy from the protected branch
    issuer: gitlab
    fixture: gitlab/environment
    claims: { ${own} }
    expect: { policy: deploy }
  - name: an unprotected branch may not
    issuer: gitlab
    fixture: gitlab/unprotected-branch
    claims: { ${own} }
    expect: { denied: policy_denied }
  - name: a fork's merge request may not
    issuer: gitlab
    fixture: gitlab/fork-merge-request
    expect: { denied: guard_refused }`;
}

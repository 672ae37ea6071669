import { idsCommand, type Repository } from "./repository.ts";
import { STARTER_PROVIDERS, type StarterProvider, type StarterTest } from "./starter-providers.ts";

export interface StarterOptions {
  readonly issuer: string;
  readonly trustDomain: string;
  readonly audience: string;
  /** Absent: the document is for GitHub Actions. */
  readonly repository: Repository | undefined;
}

/** Stands where an id is not known. No repository has it, so that the policy grants nothing until it is replaced. */
const UNKNOWN_ID = "0";

const SCHEMA = "https://raw.githubusercontent.com/svid-exchange/svid-exchange/main/trust.schema.json";

const LOCAL_ISSUER = "# This one is wrangler dev's; write the Worker's https:// address before you deploy.\n";

/** A new trust document: one policy for the repository, and tests that say what the policy means. */
export function starterDocument({ issuer, trustDomain, audience, repository }: StarterOptions): string {
  const type = repository?.type ?? "github";
  const provider = STARTER_PROVIDERS[type];
  const [id, ownerId] = [repository?.id ?? UNKNOWN_ID, repository?.ownerId ?? UNKNOWN_ID];
  const ids = `${provider.repositoryClaim}: "${id}", ${provider.ownerClaim}: "${ownerId}"`;
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
  - { id: ${type}, type: ${type}, issuer: ${provider.issuer(repository?.host ?? "")} }

policies:
  # ${provider.job}
  - name: deploy
    issuer: ${type}
    match:
      # ${idsComment(repository)}
      jwt.claim.${provider.ownerClaim}: "${ownerId}"
      jwt.claim.${provider.repositoryClaim}: "${id}"
${provider.conditions.map((condition) => `      ${condition}`).join("\n")}
    spiffeId: "${spiffeId(type, provider)}"
    # Who the SVID is for: each service refuses those of another.
    audiences: [${audience}]
    ttl: 5m

# What must stay true, whoever edits this file: svid-exchange test, and apply before it changes anything.
tests:
${provider.tests.map((test) => testEntry(test, type, ids)).join("\n")}
`;
}

/** Where the two ids are from, or how to get them. */
function idsComment(repository: Repository | undefined): string {
  if (repository === undefined) return "Replace both ids: gh api repos/OWNER/NAME --jq '.id, .owner.id'";
  const known = repository.id !== undefined && repository.ownerId !== undefined;
  return known
    ? `${repository.path}. Ids stay when names change, and no one else can get them.`
    : `Replace both ids by those of ${repository.path}: ${idsCommand(repository)}`;
}

function spiffeId(type: string, { repositoryClaim }: StarterProvider): string {
  return `spiffe://{{ trustDomain }}/${type}/{{ jwt.claim.${repositoryClaim} }}/env/{{ jwt.claim.environment }}`;
}

function testEntry({ name, fixture, claims, expect }: StarterTest, issuer: string, ids: string): string {
  const lines = [
    `  - name: ${name}`,
    `    issuer: ${issuer}`,
    `    fixture: ${fixture}`,
    ...(claims === undefined ? [] : [`    claims: { ${claims(ids)} }`]),
    `    expect: { ${expect} }`,
  ];
  return lines.join("\n");
}

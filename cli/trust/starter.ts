import { idsCommand, type Repository } from "./repository.ts";
import { STARTER_PROVIDERS, type StarterProvider, type StarterTest } from "./starter-providers.ts";

export interface StarterOptions {
  readonly issuer: string;
  readonly trustDomain: string;
  readonly audience: string;
  /** Absent: the document is for GitHub Actions. */
  readonly repository: Repository | undefined;
}

/** Written where an id is not known. No repository has this id, so the policy grants nothing until it is replaced. */
const UNKNOWN_ID = "0";

const SCHEMA = "https://raw.githubusercontent.com/svid-exchange/svid-exchange/main/trust.schema.json";

const LOCAL_ISSUER =
  "# This is the URL of wrangler dev. Write the https:// URL of your Worker before you deploy.\n";

/** A new trust document: one policy for the repository, and tests that say what the policy means. */
export function starterDocument({ issuer, trustDomain, audience, repository }: StarterOptions): string {
  const type = repository?.type ?? "github";
  const provider = STARTER_PROVIDERS[type];
  const [id, ownerId] = [repository?.id ?? UNKNOWN_ID, repository?.ownerId ?? UNKNOWN_ID];
  const ids = `${provider.repositoryClaim}: "${id}", ${provider.ownerClaim}: "${ownerId}"`;
  return `# yaml-language-server: $schema=${SCHEMA}
#
# This trust document says which CI jobs get an SVID, and with which SPIFFE ID.
#   svid-exchange check             reports errors and likely mistakes
#   svid-exchange test              runs the tests at the end of this file
#   svid-exchange explain --help    shows why a job is granted or refused
#   svid-exchange apply --local     applies this file to wrangler dev; --remote: to the deployed exchange
version: 1

# The trust domain is the first part of every SPIFFE ID. Name it after the CI of your organisation, and never change it.
trustDomain: ${trustDomain}

# The base URL of the exchange: the iss of its SVIDs, and the audience that the ID tokens must have.
${issuer.startsWith("http:") ? LOCAL_ISSUER : ""}issuer: ${issuer}

# The issuers whose ID tokens the exchange accepts. Write each issuer exactly as the iss of its tokens.
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
    # The services that accept the SVID. Each service refuses an SVID for another audience.
    audiences: [${audience}]
    ttl: 5m

# The decisions that every edit of this file must keep. svid-exchange test runs these tests, and apply runs them first.
tests:
${provider.tests.map((test) => testEntry(test, type, ids)).join("\n")}
`;
}

/** Says whose ids they are, or how to find them. */
function idsComment(repository: Repository | undefined): string {
  if (repository === undefined)
    return "Replace both ids. This command prints them, the owner's last: gh api repos/OWNER/NAME --jq '.id, .owner.id'";
  const known = repository.id !== undefined && repository.ownerId !== undefined;
  return known
    ? `The ids of ${repository.path} and its owner. They stay the same when a name changes.`
    : `Replace both ids. This command prints them, the owner's last: ${idsCommand(repository)}`;
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

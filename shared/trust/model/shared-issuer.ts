import { canonicalName } from "./attribute.ts";

/** An issuer that signs for tenants who do not know each other: its signature says nothing about whose job it is. */
export interface SharedIssuer {
  readonly owns: (issuer: string) => boolean;
  /** Attributes that name the tenant for good, each with an exact value. */
  readonly ids: readonly string[];
  /** Attributes that name the tenant until it is renamed, and what a value or a pattern's start must look like to do so. */
  readonly names: Readonly<Record<string, NameRule>>;
}

interface NameRule {
  readonly literal: RegExp;
  readonly globPrefix: RegExp;
  /** The value says more than whose job it is. */
  readonly saysMore?: true;
}

const claims = (...names: string[]): string[] => names.map((name) => canonicalName([name]));
const host = (name: string) => (issuer: string) =>
  issuer === `https://${name}` || issuer.startsWith(`https://${name}/`);
const exactly = (address: string) => (issuer: string) => issuer === address;

const ANY = /^/;
const NONE = /^(?!)/;
const OWNER_AND_MORE = /^[^/]+\//;
const wholeName: NameRule = { literal: ANY, globPrefix: NONE };
const ownerFirst: NameRule = { literal: OWNER_AND_MORE, globPrefix: OWNER_AND_MORE };
const groupPath: NameRule = { literal: ANY, globPrefix: OWNER_AND_MORE };
const startingWith = (start: RegExp): NameRule => ({ literal: start, globPrefix: start, saysMore: true });

export const SHARED_ISSUERS: readonly SharedIssuer[] = [
  {
    owns: host("token.actions.githubusercontent.com"),
    ids: claims("repository_id", "repository_owner_id", "enterprise_id"),
    names: {
      "jwt.claim.repository": ownerFirst,
      "jwt.claim.repository_owner": wholeName,
      "jwt.claim.enterprise": wholeName,
      "jwt.claim.workflow_ref": startingWith(OWNER_AND_MORE),
      "jwt.claim.sub": startingWith(/^repo:[^/:]+\//),
      "github.workflow.repository": ownerFirst,
      "github.sub.repository": ownerFirst,
    },
  },
  {
    owns: host("gitlab.com"),
    ids: claims("project_id", "namespace_id"),
    names: {
      "jwt.claim.project_path": ownerFirst,
      "jwt.claim.namespace_path": groupPath,
      "jwt.claim.ci_config_ref_uri": startingWith(/^gitlab\.com\/[^/]+\//),
      "jwt.claim.sub": startingWith(/^project_(?:path:[^/:]+\/|id:[0-9]+(?::|$))/),
      "gitlab.ci_config.project": ownerFirst,
    },
  },
  {
    owns: exactly("https://oidc.circleci.com"),
    ids: claims("oidc.circleci.com/org-id", "oidc.circleci.com/project-id"),
    names: {},
  },
  {
    owns: exactly("https://agent.buildkite.com"),
    ids: claims("organization_id", "pipeline_id"),
    names: { "jwt.claim.organization_slug": wholeName },
  },
  {
    owns: exactly("https://app.terraform.io"),
    ids: claims("terraform_organization_id", "terraform_workspace_id", "terraform_project_id"),
    names: { "jwt.claim.terraform_organization_name": wholeName },
  },
  {
    owns: exactly("https://accounts.google.com"),
    ids: claims("sub"),
    names: { "jwt.claim.email": wholeName },
  },
  {
    owns: exactly("https://oidc.codefresh.io"),
    ids: claims("account_id", "pipeline_id"),
    names: { "jwt.claim.account_name": wholeName },
  },
  {
    owns: (issuer) => /^https:\/\/oidc\.(?:eu-|asia-)?buddyusercontent\.com$/.test(issuer),
    ids: claims("pipeline_id"),
    names: { "jwt.claim.workspace_domain": wholeName },
  },
];

export function sharedIssuer(issuer: string): SharedIssuer | undefined {
  return SHARED_ISSUERS.find((row) => row.owns(issuer));
}

import type { IssuerType } from "./issuer.ts";

/** What is known of a claim that a provider mints: enough to see that a condition can't hold or says little. */
export interface KnownClaim {
  /** The most bytes that a value may have. */
  readonly longest: number;
  /** Not in every token of a job. */
  readonly optional?: true;
  /** Values are never one path segment: they hold `/`, `:` or `@`. */
  readonly compound?: true;
  /** Every value starts with this. */
  readonly start?: string;
  /** No value starts with this. */
  readonly neverStart?: string;
  /** Every value is one of these. */
  readonly words?: readonly string[];
  /** Every value is a decimal number. */
  readonly digits?: true;
  /** Why a condition on it, or an identity made of it, says less than it seems to. */
  readonly weak?: string;
}

const id: KnownClaim = { longest: 20, digits: true };
const sha: KnownClaim = { longest: 64, weak: "it changes with every commit" };
const run: KnownClaim = { longest: 20, weak: "it changes with every run" };
const truth: KnownClaim = { longest: 5, words: ["true", "false"] };
const oneOf = (...words: string[]): KnownClaim => ({
  longest: Math.max(...words.map((word) => word.length)),
  words,
});
const text = (longest: number): KnownClaim => ({ longest });
const compound = (longest: number): KnownClaim => ({ longest, compound: true });
const optional = (claim: KnownClaim): KnownClaim => ({ ...claim, optional: true });
const weak = (claim: KnownClaim, why: string): KnownClaim => ({ ...claim, weak: why });
const registered: Readonly<Record<string, KnownClaim>> = {
  iss: compound(255),
  sub: compound(1_024),
  aud: compound(255),
  exp: id,
  nbf: id,
  iat: id,
  jti: weak(text(64), "it changes with every token"),
};

/** The claims of each provider. The providers add claims over time, so an unknown one is only a warning. */
export const KNOWN_CLAIMS: Readonly<Record<IssuerType, Readonly<Record<string, KnownClaim>> | undefined>> = {
  jwt: undefined,
  github: {
    ...registered,
    repository: compound(140),
    repository_id: id,
    repository_owner: text(39),
    repository_owner_id: id,
    repository_visibility: oneOf("public", "private", "internal"),
    ref: { longest: 255, compound: true, start: "refs/" },
    ref_type: oneOf("branch", "tag"),
    ref_protected: truth,
    sha,
    head_ref: weak(compound(255), "the author of a pull request chooses it"),
    base_ref: compound(255),
    event_name: text(40),
    environment: optional(text(255)),
    environment_node_id: optional(text(64)),
    workflow: weak(text(255), "it is a label that the author of any workflow chooses"),
    workflow_ref: compound(512),
    workflow_sha: sha,
    job_workflow_ref: compound(512),
    job_workflow_sha: text(64),
    run_id: run,
    run_number: run,
    run_attempt: run,
    check_run_id: run,
    actor: weak(text(39), "it names the user who triggered the run, not the code, and users can be renamed"),
    actor_id: id,
    runner_environment: oneOf("github-hosted", "self-hosted"),
    enterprise: optional(text(60)),
    enterprise_id: optional(id),
    issuer_scope: optional(text(255)),
  },
  gitlab: {
    ...registered,
    project_id: id,
    project_path: compound(255),
    namespace_id: id,
    namespace_path: text(255),
    job_project_id: optional(id),
    job_project_path: optional(compound(255)),
    job_namespace_id: optional(id),
    job_namespace_path: optional(text(255)),
    user_id: id,
    user_login: weak(text(255), "users can change it"),
    user_email: weak(compound(255), "users can change it"),
    user_access_level: text(20),
    user_identities: optional(compound(1_024)),
    groups_direct: optional(compound(1_024)),
    pipeline_id: run,
    pipeline_source: text(40),
    job_id: run,
    job_source: optional(text(60)),
    job_config: optional(compound(1_024)),
    ref: { longest: 255, neverStart: "refs/" },
    ref_type: oneOf("branch", "tag"),
    ref_path: { longest: 266, compound: true, start: "refs/" },
    ref_protected: truth,
    environment: optional(text(255)),
    environment_protected: optional(truth),
    deployment_tier: optional(oneOf("production", "staging", "testing", "development", "other")),
    environment_action: optional(text(20)),
    runner_id: id,
    runner_environment: oneOf("gitlab-hosted", "self-hosted"),
    sha,
    ci_config_ref_uri: optional(compound(1_024)),
    ci_config_sha: optional(sha),
    project_visibility: oneOf("public", "private", "internal"),
    target_audience: optional(compound(255)),
  },
};

/** GitHub's custom properties: one claim each, under names that the organisation chooses. */
const GITHUB_PROPERTY = "repo_property_";

/** @returns what is known of a top-level claim; `"unknown"` where the provider mints none of this name as far as is known. */
export function knownClaim(type: IssuerType, name: string): KnownClaim | "unknown" | undefined {
  const claims = KNOWN_CLAIMS[type];
  if (claims === undefined) return undefined;
  if (Object.hasOwn(claims, name)) return claims[name];
  return type === "github" && name.startsWith(GITHUB_PROPERTY) ? optional(text(1_024)) : "unknown";
}

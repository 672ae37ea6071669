import type { IssuerType, ReplayMode } from "./issuer.ts";

/** What an issuer's type decides unless the document says otherwise. */
export interface Preset {
  readonly algorithms: readonly string[];
  readonly maxTokenAgeSeconds: number;
  readonly replay: ReplayMode;
  /** What every token of a CI job carries, and a login token of the same issuer does not. */
  readonly requiredClaims: readonly string[];
  /** Issuers that are of this type and of no other. */
  readonly owns: (issuer: string) => boolean;
}

export const PRESETS: Readonly<Record<IssuerType, Preset>> = {
  github: {
    algorithms: ["RS256"],
    // GitHub's tokens live five minutes, and a job can ask for a fresh one at any time.
    maxTokenAgeSeconds: 600,
    replay: "once",
    requiredClaims: [
      "repository_id",
      "repository_owner_id",
      "workflow_ref",
      "job_workflow_ref",
      "event_name",
      "run_id",
    ],
    owns: (issuer) =>
      /^https:\/\/token\.actions\.(?:githubusercontent\.com|[^/]+\.ghe\.com)(?:\/|$)/i.test(issuer),
  },
  gitlab: {
    algorithms: ["RS256"],
    // GitLab mints at the start of a job, for as long as the job may run.
    maxTokenAgeSeconds: 86_400,
    replay: "per-audience",
    // gitlab.com signs its logins with keys of the same set: these claims are a job's alone.
    requiredClaims: ["project_id", "namespace_id", "job_id", "pipeline_id", "ref_path", "ref_protected"],
    owns: (issuer) => /^https:\/\/gitlab\.com(?:\/|$)/i.test(issuer),
  },
  jwt: {
    algorithms: ["RS256"],
    maxTokenAgeSeconds: 3_600,
    replay: "off",
    requiredClaims: [],
    owns: () => false,
  },
};

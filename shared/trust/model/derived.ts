import { type JsonObject, ownMember } from "../../json.ts";
import type { IssuerType } from "./issuer.ts";

/** A value that an issuer type reads out of claims. Where the claims do not allow exactly one reading, there is none. */
export interface Derived {
  readonly type: IssuerType;
  /** The claim that it is read out of. */
  readonly from: string;
  readonly derive: (claims: JsonObject) => string | undefined;
}

const text = (claims: JsonObject, name: string): string | undefined => {
  const value = ownMember(claims, name);
  return typeof value === "string" ? value : undefined;
};

/** Every derived attribute, by name. `docs/reference/attributes.md` has a row each. */
export const DERIVED = {
  "github.workflow.repository": workflow("workflow_ref", "repository"),
  "github.workflow.path": workflow("workflow_ref", "path"),
  "github.workflow.ref": workflow("workflow_ref", "ref"),
  "github.job_workflow.repository": workflow("job_workflow_ref", "repository"),
  "github.job_workflow.path": workflow("job_workflow_ref", "path"),
  "github.job_workflow.ref": workflow("job_workflow_ref", "ref"),
  "github.sub.repository": subject("repository"),
  "github.sub.repository_id": subject("repositoryId"),
  "github.sub.repository_owner_id": subject("ownerId"),
  "github.sub.context": subject("context"),
  "gitlab.ci_config.project": ciConfig("project"),
  "gitlab.ci_config.path": ciConfig("path"),
  "gitlab.ci_config.ref": ciConfig("ref"),
} as const satisfies Record<string, Derived>;

export type DerivedName = keyof typeof DERIVED;

export function isDerivedName(name: string): name is DerivedName {
  return Object.hasOwn(DERIVED, name);
}

function workflow(from: string, part: "repository" | "path" | "ref"): Derived {
  return { type: "github", from, derive: (claims) => workflowOf(claims, from)?.[part] };
}

function subject(part: "repository" | "repositoryId" | "ownerId" | "context"): Derived {
  return { type: "github", from: "sub", derive: (claims) => subjectOf(claims)?.[part] };
}

function ciConfig(part: "project" | "path" | "ref"): Derived {
  return { type: "gitlab", from: "ci_config_ref_uri", derive: (claims) => ciConfigOf(claims)?.[part] };
}

/**
 * Reads `OWNER/REPO/DIR/DIR/FILE@REF`. A workflow file lies exactly two folders deep and its name holds no `/`, so the
 * `@` before the ref is the last one before the first `/` that follows the folders: file names and refs may hold `@`.
 */
function workflowOf(claims: JsonObject, claim: string) {
  const [owner, repository, folder, subfolder, ...rest] = text(claims, claim)?.split("/") ?? [];
  const [fileAndRef = "", ...restOfRef] = rest;
  const at = fileAndRef.lastIndexOf("@");
  if (at < 1) return undefined;
  const ref = [fileAndRef.slice(at + 1), ...restOfRef].join("/");
  if (!isWholeRef(ref)) return undefined;
  return {
    repository: `${owner}/${repository}`,
    path: `${folder}/${subfolder}/${fileAndRef.slice(0, at)}`,
    ref,
  };
}

/** A full ref name or a commit: SHA-1 or SHA-256. */
function isWholeRef(ref: string): boolean {
  return /^refs\/./.test(ref) || /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
}

/**
 * Reads the two default shapes of GitHub's `sub`: `repo:OWNER/REPO:CONTEXT` and, where ids are immutable parts of it,
 * `repo:OWNER@OWNER_ID/REPO@REPO_ID:CONTEXT`. A customised `sub` gives nothing.
 */
function subjectOf(claims: JsonObject) {
  const match = /^repo:([^/:@]+)(?:@([0-9]+))?\/([^/:@]+)(?:@([0-9]+))?:(.+)$/s.exec(
    text(claims, "sub") ?? "",
  );
  if (match === null) return undefined;
  const [, owner, ownerId, repository, repositoryId, context] = match;
  if ((ownerId === undefined) !== (repositoryId === undefined)) return undefined;
  return { repository: `${owner}/${repository}`, ownerId, repositoryId, context };
}

/**
 * Reads GitLab's `HOST/PROJECT//PATH@REF`. The ref is known from `ref_path`; where it is another one (a merge request's
 * pipeline), there is a reading only if the only `@` is the one before the ref.
 */
function ciConfigOf(claims: JsonObject) {
  const [location, pathAndRef] = splitOnce(text(claims, "ci_config_ref_uri") ?? "", "//");
  const [, project] = splitOnce(location, "/");
  if (pathAndRef === undefined || project === undefined) return undefined;
  const known = `@${text(claims, "ref_path") ?? ""}`;
  const at =
    known !== "@" && pathAndRef.endsWith(known) ? pathAndRef.length - known.length : onlyAt(pathAndRef);
  if (at < 1) return undefined;
  return { project, path: pathAndRef.slice(0, at), ref: pathAndRef.slice(at + 1) };
}

function onlyAt(value: string): number {
  const at = value.indexOf("@");
  return at === value.lastIndexOf("@") ? at : -1;
}

function splitOnce(value: string, separator: string): [string, string | undefined] {
  const at = value.indexOf(separator);
  return at === -1 ? [value, undefined] : [value.slice(0, at), value.slice(at + separator.length)];
}

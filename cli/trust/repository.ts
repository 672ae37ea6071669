import { isJsonObject, type JsonObject, type JsonValue } from "../../shared/json.ts";
import { readJsonDocument } from "../json-document.ts";
import type { Ports } from "../ports.ts";
import { originUrl } from "./git.ts";

/** A repository on GitHub or GitLab. */
export interface Repository {
  readonly type: "github" | "gitlab";
  readonly host: string;
  /** `owner/name`, or `group/subgroup/name`. */
  readonly path: string;
  /** The ids of the repository and of its owner, which stay the same when a name changes; absent: not known. */
  readonly id?: string;
  readonly ownerId?: string;
}

/**
 * Finds the repository of the folder by its git remote `origin`, and its ids where this is a CI job of that repository.
 *
 * @returns `undefined` where the remote is neither on github.com nor on a host whose name holds `gitlab`.
 */
export function findRepository({ cwd, env }: Pick<Ports, "cwd" | "env">): Repository | undefined {
  const remote = parseRemote(originUrl(cwd));
  if (remote === undefined) return undefined;
  const ids =
    remote.type === "github"
      ? [env["GITHUB_REPOSITORY"], env["GITHUB_REPOSITORY_ID"], env["GITHUB_REPOSITORY_OWNER_ID"]]
      : [env["CI_PROJECT_PATH"], env["CI_PROJECT_ID"], env["CI_PROJECT_NAMESPACE_ID"]];
  const [path, id, ownerId] = ids;
  return path === remote.path ? { ...remote, ...withIds(id, ownerId) } : remote;
}

/** Reads the ids from the public API of the repository's host. @returns the repository unchanged where the API fails. */
export async function lookUpIds(repository: Repository, ports: Ports): Promise<Repository> {
  const read = await readJsonDocument(apiUrl(repository, ports.env), ports);
  if (!read.ok) return repository;
  const { id } = read.value.body;
  const owner = read.value.body[repository.type === "github" ? "owner" : "namespace"];
  return { ...repository, ...withIds(idText(id), idText(isJsonObject(owner) ? owner["id"] : undefined)) };
}

/** A shell command that prints the two ids: the repository's, then the owner's. */
export function idsCommand({ type, host, path }: Repository): string {
  return type === "github"
    ? `gh api repos/${path} --jq '.id, .owner.id'`
    : `curl -s "https://${host}/api/v4/projects/${encodeURIComponent(path)}" | jq '.id, .namespace.id'`;
}

function apiUrl({ type, host, path }: Repository, env: Ports["env"]): string {
  if (type === "github") return `${env["GITHUB_API_URL"] ?? "https://api.github.com"}/repos/${path}`;
  return `${env["CI_API_V4_URL"] ?? `https://${host}/api/v4`}/projects/${encodeURIComponent(path)}`;
}

/** `https://host/path.git`, `ssh://git@host/path.git` and `git@host:path.git`. */
const REMOTE =
  /^(?:(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/|(?:[^@/]+@)?([^/:]+):)(.+?)(?:\.git)?\/?$/;
const PATH = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/;

function parseRemote(url: string): Repository | undefined {
  const [, fromUrl, fromScp, path = ""] = REMOTE.exec(url) ?? [];
  const host = (fromUrl ?? fromScp)?.toLowerCase();
  if (host === undefined || !PATH.test(path)) return undefined;
  if (host === "github.com" && path.split("/").length === 2) return { type: "github", host, path };
  return host.includes("gitlab") ? { type: "gitlab", host, path } : undefined;
}

function withIds(id: string | undefined, ownerId: string | undefined): Pick<Repository, "id" | "ownerId"> {
  return { ...(id === undefined ? {} : { id }), ...(ownerId === undefined ? {} : { ownerId }) };
}

function idText(value: JsonValue | JsonObject | undefined): string | undefined {
  return typeof value === "number" ? String(value) : undefined;
}

import { isJsonObject } from "../shared/json.ts";

/** What the runner says about the job that this process runs in. */
export interface Job {
  readonly event: string;
  /** Why the runner may withhold ID tokens whatever the workflow's permissions say. */
  readonly restriction: "fork" | "dependabot" | "none";
  readonly platform: "github" | "forgejo";
  /** Where the documentation of this very version is, without a trailing slash; absent for a local action. */
  readonly docs?: string;
}

/** The part of `@actions/github`'s context that is read here. */
export interface EventContext {
  readonly eventName: string;
  readonly actor: string;
  readonly serverUrl: string;
  readonly payload: { readonly [name: string]: unknown };
}

const DEPENDABOT = "dependabot[bot]";

/** These events run with the fork's rights; `pull_request_target` does not. */
const FORK_EVENTS = new Set(["pull_request", "pull_request_review", "pull_request_review_comment"]);

export function jobOf(context: EventContext, env: NodeJS.ProcessEnv): Job {
  const docs = docsUrl(context, env);
  return {
    event: context.eventName ?? "",
    restriction: restrictionOf(context),
    platform: env["FORGEJO_ACTIONS"] === "true" || env["GITEA_ACTIONS"] === "true" ? "forgejo" : "github",
    ...(docs === undefined ? {} : { docs }),
  };
}

function restrictionOf({ eventName, actor, payload }: EventContext): Job["restriction"] {
  if (actor === DEPENDABOT || member(payload, "pull_request", "user", "login") === DEPENDABOT)
    return "dependabot";
  if (!FORK_EVENTS.has(eventName)) return "none";
  const base = member(payload, "pull_request", "base", "repo", "id");
  const head = member(payload, "pull_request", "head", "repo", "id"); // Null where the fork was deleted.
  return base !== undefined && head !== base ? "fork" : "none";
}

/** The runner names the action's repository and ref, so that the page read is of the version that ran. */
function docsUrl({ serverUrl }: EventContext, env: NodeJS.ProcessEnv): string | undefined {
  const repository = env["GITHUB_ACTION_REPOSITORY"] ?? "";
  const ref = env["GITHUB_ACTION_REF"] ?? "";
  if (repository === "" || ref === "") return undefined;
  return `${serverUrl}/${repository}/blob/${ref}/docs`;
}

function member(payload: EventContext["payload"], ...path: readonly string[]): unknown {
  let value: unknown = payload;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return value;
}

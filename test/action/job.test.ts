import { describe, expect, test } from "vitest";
import { type EventContext, jobOf } from "../../action/job.ts";

const context = (more: Partial<EventContext> = {}): EventContext => ({
  eventName: "push",
  actor: "mira-okafor",
  serverUrl: "https://github.com",
  payload: {},
  ...more,
});

const pullRequest = (head: unknown, user = "mira-okafor") => ({
  pull_request: { user: { login: user }, head: { repo: head }, base: { repo: { id: 1 } } },
});

describe("what may keep a job from its ID token", () => {
  test.each<[string, Partial<EventContext>, string]>([
    ["a push", {}, "none"],
    [
      "a pull request of the same repository",
      { eventName: "pull_request", payload: pullRequest({ id: 1 }) },
      "none",
    ],
    ["a pull request from a fork", { eventName: "pull_request", payload: pullRequest({ id: 2 }) }, "fork"],
    ["one whose fork is gone", { eventName: "pull_request", payload: pullRequest(null) }, "fork"],
    ["a review of one", { eventName: "pull_request_review", payload: pullRequest({ id: 2 }) }, "fork"],
    ["pull_request_target", { eventName: "pull_request_target", payload: pullRequest({ id: 2 }) }, "none"],
    ["a push by Dependabot", { actor: "dependabot[bot]" }, "dependabot"],
    [
      "a run of Dependabot's pull request that somebody started again",
      { eventName: "pull_request", payload: pullRequest({ id: 1 }, "dependabot[bot]") },
      "dependabot",
    ],
    ["an event without a payload", { eventName: "pull_request" }, "none"],
    ["a payload of another shape", { eventName: "pull_request", payload: { pull_request: [] } }, "none"],
  ])("%s: %o", (_, more, restriction) => {
    expect(jobOf(context(more), {}).restriction).toBe(restriction);
  });
});

describe("where the job runs", () => {
  test.each([
    [{}, "github"],
    [{ GITEA_ACTIONS: "true" }, "forgejo"],
    [{ FORGEJO_ACTIONS: "true" }, "forgejo"],
  ])("%j is %s", (env, platform) => {
    expect(jobOf(context(), env).platform).toBe(platform);
  });

  test("the documentation is of the version that runs, on the server that it came from", () => {
    const env = { GITHUB_ACTION_REPOSITORY: "acme/svid-exchange", GITHUB_ACTION_REF: "v1.2.3" };
    const job = jobOf(context({ serverUrl: "https://ghe.example.org" }), env);
    expect(job.docs).toBe("https://ghe.example.org/acme/svid-exchange/blob/v1.2.3/docs");
    expect(jobOf(context(), {}).docs).toBeUndefined();
  });
});

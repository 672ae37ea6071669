/**
 * GitHub's events that only people with write access to the repository can start, and what they let start. An
 * allow-list: an event that GitHub adds later is not on it. `pull_request` is on it because GitHub mints no token for a
 * fork's pull request, unless a private repository is set to send write tokens to its forks.
 */
export const EVENTS_OF_WRITERS: ReadonlySet<string> = new Set([
  "push",
  "create",
  "delete",
  "schedule",
  "workflow_dispatch",
  "repository_dispatch",
  "workflow_call",
  "merge_group",
  "pull_request",
  "release",
  "deployment",
  "deployment_status",
  "page_build",
  "public",
  "branch_protection_rule",
]);

/** Events that anyone who can see the repository can start. They run with its identity, most on the default branch. */
export const EVENTS_OF_ANYONE: ReadonlySet<string> = new Set([
  "issues",
  "issue_comment",
  "discussion",
  "discussion_comment",
  "pull_request_review",
  "pull_request_review_comment",
  "fork",
  "watch",
  "gollum",
]);

import { expect, test } from "vitest";
import { printable } from "../../action/printable.ts";

test.each([
  ["a\n::add-mask::b", "a?::add-mask::b"],
  ["a\r\n::stop-commands::b", "a??::stop-commands::b"],
  [
    "refs/heads/##[set-output name=svid-file]/etc/passwd",
    "refs/heads/# #[set-output name=svid-file]/etc/passwd",
  ],
  ["###[stop-commands]x", "## #[stop-commands]x"],
  ["issue #1 [done]", "issue #1 [done]"],
])("text of another party is no command of the runner: %j", (text, line) => {
  expect(printable(text)).toBe(line);
});

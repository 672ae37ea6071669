import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** What `action.yml` says, as the runner reads it. */
export const ACTION = parse(readFileSync("action.yml", "utf8")) as {
  readonly inputs: Record<string, { description: string; required: boolean; default?: string }>;
  readonly outputs: Record<string, { description: string }>;
  readonly runs: { using: string; main: string; post: string };
};

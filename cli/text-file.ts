import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { err, ok, type Result } from "../shared/result.ts";

/** @returns the text of a file, or why there is none, as Node names it: `ENOENT`. */
export function readTextFile(path: string, cwd: string): Result<string, string> {
  try {
    return ok(readFileSync(resolve(cwd, path), "utf8"));
  } catch (error) {
    return err(errnoOf(error));
  }
}

/** The code of what a file operation threw; anything else is a bug and goes on. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { err, ok, type Result } from "../shared/result.ts";

/**
 * Reads a file as UTF-8.
 *
 * @param path relative to `cwd`, or absolute.
 * @returns its text, or Node's code for why it could not be read: `ENOENT`.
 */
export function readTextFile(path: string, cwd: string): Result<string, string> {
  try {
    return ok(readFileSync(resolve(cwd, path), "utf8"));
  } catch (error) {
    return err(errnoOf(error));
  }
}

/** The code of an error that a file operation threw, for example `EACCES`. Any other error is a bug and is thrown again. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}

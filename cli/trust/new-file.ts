import { writeFileSync } from "node:fs";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import { errnoOf } from "../text-file.ts";

/** A file that a command should create. */
export interface NewFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  /** Permission bits; absent: what the umask leaves. */
  readonly mode?: number;
}

/** Creates a file. @returns `kept` where a file is there already: it is not touched. */
export function createFile({ path, content, mode }: NewFile): Result<"written" | "kept", Failure> {
  try {
    writeFileSync(path, content, { flag: "wx", ...(mode === undefined ? {} : { mode }) });
    return ok("written");
  } catch (error) {
    const code = errnoOf(error);
    if (code === "EEXIST") return ok("kept");
    return failed(
      "file_unwritable",
      `${printable(path)} could not be written (${code}).`,
      "Run the command in a folder that you may write to.",
    );
  }
}

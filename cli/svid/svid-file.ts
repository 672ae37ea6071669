import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { errnoOf } from "../text-file.ts";

/** The one place where a credential is kept on disk. */
export interface SvidFile {
  readonly path: string;
  readonly replace: (svid: string) => Result<void, Failure>;
  readonly remove: () => void;
  /** Removes the file and whatever was made around it; nothing is written afterwards. */
  readonly dispose: () => void;
}

/** Read and written by its owner alone. */
const OWNER_ONLY = 0o600;

/** The file that the user named. Nothing is written yet. */
export function namedSvidFile(path: string, { cwd }: Pick<Ports, "cwd">): SvidFile {
  const absolute = resolve(cwd, path);
  const remove = (): void => rmSync(absolute, { force: true });
  return { path: absolute, replace: (svid) => write(absolute, svid), remove, dispose: remove };
}

/** A file in a new folder (0700), on the disk that the CI system keeps for temporary files where it names one. */
export function freshSvidFile({ env }: Pick<Ports, "env">): SvidFile {
  const parent = env["RUNNER_TEMP"] || env["AGENT_TEMPDIRECTORY"] || tmpdir();
  const folder = mkdtempSync(join(parent, "svid-exchange-"));
  const path = join(folder, "svid.jwt");
  return {
    path,
    replace: (svid) => write(path, svid),
    remove: () => rmSync(path, { force: true }),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function write(path: string, svid: string): Result<void, Failure> {
  try {
    replaceFile(path, svid);
    return ok(undefined);
  } catch (error) {
    return failed(
      "svid_file_unwritable",
      `The SVID could not be written to ${path} (${errnoOf(error)}).`,
      "Name a file in a folder that exists and that this job may write to.",
    );
  }
}

/**
 * Puts a credential where `path` is, in one step: a reader sees the old content or the new, never a part. The new file
 * is created, never opened, so a link or a file with wider permissions that stands there is replaced, not followed.
 */
function replaceFile(path: string, content: string): void {
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  const file = openSync(fresh, "wx", OWNER_ONLY);
  try {
    writeSync(file, content);
    chmodSync(fresh, OWNER_ONLY); // A umask may have taken the owner's own bits.
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

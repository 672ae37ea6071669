import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import {
  type FilePorts,
  freshSvidFile,
  removeSvidFile,
  type SvidFile,
  writeSvidFile,
} from "../../shared/client/svid-file.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { errnoOf } from "../text-file.ts";

/** An SVID file whose SVID can be renewed. */
export interface RenewedFile {
  readonly path: string;
  readonly replace: (svid: string) => Result<void, Failure>;
  /** Removes the SVID; a later `replace` puts another one there. */
  readonly remove: () => void;
  /** Removes the file and the folder that was made for it. */
  readonly dispose: () => void;
}

const filePorts: FilePorts = { fs, path, randomName: randomUUID };

/** The file that the user named. Nothing is written yet. */
export function namedFile(name: string, { cwd }: Pick<Ports, "cwd">): RenewedFile {
  return renewed({ path: path.resolve(cwd, name) });
}

/** A file in a new folder, on the disk that the CI system keeps for temporary files where it names one. */
export function temporaryFile({ env }: Pick<Ports, "env">): RenewedFile {
  return renewed(freshSvidFile(env["RUNNER_TEMP"] || env["AGENT_TEMPDIRECTORY"] || tmpdir(), filePorts));
}

function renewed(file: SvidFile): RenewedFile {
  return {
    path: file.path,
    replace: (svid) => write(file, svid),
    remove: () => removeSvidFile({ path: file.path }, filePorts),
    dispose: () => removeSvidFile(file, filePorts),
  };
}

function write(file: SvidFile, svid: string): Result<void, Failure> {
  try {
    writeSvidFile(file, svid, filePorts);
    return ok(undefined);
  } catch (error) {
    return failed(
      "svid_file_unwritable",
      `The SVID could not be written to ${file.path} (${errnoOf(error)}).`,
      "Give --svid-file a path in a folder that exists and that this job may write to.",
    );
  }
}

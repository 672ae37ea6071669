import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type FilePorts, freshSvidFile, type SvidFile } from "../shared/client/svid-file.ts";

/** The name under which the step tells its `post` about the file. */
export const SVID_FILE_STATE = "svid-file";

export const filePorts: FilePorts = { fs, path, randomName: randomUUID };

/**
 * @param named the path that the workflow names, relative to the workspace, whose folders are made where they are not
 *   there; absent for a file in a fresh folder.
 * @param temp the runner's own temporary folder, which it empties before and after each job.
 */
export function placeSvidFile(named: string | undefined, temp: string): SvidFile {
  if (named === undefined) return freshSvidFile(temp, filePorts);
  const file = { path: path.resolve(named) };
  fs.mkdirSync(path.dirname(file.path), { recursive: true });
  return file;
}

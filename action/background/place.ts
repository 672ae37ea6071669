import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type FolderPorts, newSocketFolder } from "../../shared/workload-api/socket-folder.ts";

/** What a background process has on the disk: a folder of its own, which `post` removes. */

/** The name under which the step tells its `post` about the background process. */
export const BACKGROUND_STATE = "background";

/** What `post` needs to end the process and to leave nothing behind. */
export interface BackgroundState {
  readonly folder: string;
  /** Absent until the process is ready. */
  readonly pid?: number;
  /** Where the Workload API listens: a path that the workflow named is outside of the folder. */
  readonly socket?: string;
}

export const folderPorts: FolderPorts = { fs, path, platform: process.platform };

/** In a folder of its own, which a container may be given without the control socket. */
const API_SOCKET = path.join("workload-api", "api.sock");

/** Makes the folder (0700), where the paths of its sockets are short enough. */
export function makeFolder(): string {
  const temp = path.resolve(process.env["RUNNER_TEMP"] || tmpdir());
  const others = process.platform === "win32" ? [] : [tmpdir(), "/tmp"];
  return newSocketFolder([temp, ...others], API_SOCKET, folderPorts);
}

export function apiSocketIn(folder: string): string {
  return path.join(folder, API_SOCKET);
}

/** Whoever connects asks the process to end. Windows has pipes in place of sockets. */
export function controlAddressIn(folder: string): string {
  return process.platform === "win32"
    ? `\\\\.\\pipe\\${path.basename(folder)}`
    : path.join(folder, "control.sock");
}

export function logFileIn(folder: string): string {
  return path.join(folder, "log.txt");
}

/** The lines of the log, oldest first; none where there is no log. */
export function readLog(folder: string): readonly string[] {
  try {
    return fs.readFileSync(logFileIn(folder), "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** Removes what the process had. */
export function discard({ folder, socket }: BackgroundState): void {
  if (socket !== undefined) fs.rmSync(socket, { force: true });
  fs.rmSync(folder, { force: true, recursive: true });
}

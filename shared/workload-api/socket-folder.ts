import { err, ok, type Result } from "../result.ts";

/** The folder of a unix socket. Each process that reaches the socket gets the job's SVIDs, so the folder is its owner's alone. */

/** The parts of `node:fs`, `node:path` and `process` that the folder needs. */
export interface FolderPorts {
  readonly fs: {
    /** Makes the folder with mode 0700. */
    mkdtempSync(prefix: string): string;
    mkdirSync(path: string, options: { recursive: true; mode: number }): unknown;
    statSync(path: string): { readonly mode: number };
    rmSync(path: string, options: { force: true; recursive: true }): void;
  };
  readonly path: { join(...parts: string[]): string; dirname(path: string): string };
  /** As `process.platform` names it. */
  readonly platform: string;
}

export interface SocketPlace {
  readonly path: string;
  /** Removes the folder where it was made for the socket. The server removes the socket itself when it closes. */
  readonly dispose: () => void;
}

/** Why no socket is put at a path. */
export type SocketProblem =
  | { readonly code: "path_too_long"; readonly limitBytes: number }
  /** Other users may enter the folder. `mode`: the permission bits. */
  | { readonly code: "folder_too_open"; readonly folder: string; readonly mode: number };

const FILE_NAME = "api.sock";
const OWNER_ONLY = 0o700;

/**
 * A place in a new folder. Throws what the file system throws.
 *
 * @param temps absolute paths of folders for temporary files: the first that leaves room for the socket is taken.
 */
export function freshSocket(temps: readonly [string, ...string[]], ports: FolderPorts): SocketPlace {
  const folder = newSocketFolder(temps, FILE_NAME, ports);
  return {
    path: ports.path.join(folder, FILE_NAME),
    dispose: () => ports.fs.rmSync(folder, { force: true, recursive: true }),
  };
}

/**
 * Makes a new folder with room for the path of a socket in it. Throws what the file system throws.
 *
 * @param name the longest path of a socket from that folder.
 */
export function newSocketFolder(
  temps: readonly [string, ...string[]],
  name: string,
  { fs, path, platform }: FolderPorts,
): string {
  const prefixes = temps.map((temp) => path.join(temp, "svid-exchange-"));
  const fitting = prefixes.find((prefix) => fitsSocket(path.join(`${prefix}XXXXXX`, name), platform));
  return fs.mkdtempSync(fitting ?? path.join(temps[0], "svid-exchange-"));
}

/**
 * A place at a path that somebody chose. Its folder is made where it is missing. Throws what the file system throws.
 *
 * @param place an absolute path.
 */
export function namedSocket(
  place: string,
  { fs, path, platform }: FolderPorts,
): Result<SocketPlace, SocketProblem> {
  if (!fitsSocket(place, platform)) {
    return err({ code: "path_too_long", limitBytes: maxSocketPathBytes(platform) });
  }
  const folder = path.dirname(place);
  fs.mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  const mode = fs.statSync(folder).mode & 0o777;
  if ((mode & ~OWNER_ONLY) !== 0) return err({ code: "folder_too_open", folder, mode });
  return ok({ path: place, dispose: () => {} });
}

/** `sun_path` of `sockaddr_un` has 108 bytes on Linux and 104 elsewhere, with the zero byte at its end. */
function maxSocketPathBytes(platform: string): number {
  return platform === "linux" ? 107 : 103;
}

function fitsSocket(path: string, platform: string): boolean {
  return new TextEncoder().encode(path).length <= maxSocketPathBytes(platform);
}

/** The folder of a unix socket. Each process that reaches the socket gets the job's SVIDs, so the folder is its owner's alone. */

/** The parts of `node:fs`, `node:path` and `process` that the folder needs. */
export interface FolderPorts {
  readonly fs: {
    /** Makes the folder with mode 0700. */
    mkdtempSync(prefix: string): string;
    rmSync(path: string, options: { force: true; recursive: true }): void;
  };
  readonly path: { join(...parts: string[]): string };
  /** As `process.platform` names it. */
  readonly platform: string;
}

export interface SocketPlace {
  readonly path: string;
  /** Removes the socket, and the folder where it was made for it. */
  readonly dispose: () => void;
}

const FILE_NAME = "api.sock";

/**
 * A place in a new folder. Throws what the file system throws.
 *
 * @param temps absolute paths of folders for temporary files: the first that leaves room for the socket is taken.
 */
export function freshSocket(
  temps: readonly [string, ...string[]],
  { fs, path, platform }: FolderPorts,
): SocketPlace {
  const prefixes = temps.map((temp) => path.join(temp, "svid-exchange-"));
  const fitting = prefixes.find((prefix) => fitsSocket(path.join(`${prefix}XXXXXX`, FILE_NAME), platform));
  const folder = fs.mkdtempSync(fitting ?? path.join(temps[0], "svid-exchange-"));
  return {
    path: path.join(folder, FILE_NAME),
    dispose: () => fs.rmSync(folder, { force: true, recursive: true }),
  };
}

/** `sun_path` of `sockaddr_un` has 108 bytes on Linux and 104 elsewhere, with the zero byte at its end. */
export function maxSocketPathBytes(platform: string): number {
  return platform === "linux" ? 107 : 103;
}

export function fitsSocket(path: string, platform: string): boolean {
  return new TextEncoder().encode(path).length <= maxSocketPathBytes(platform);
}

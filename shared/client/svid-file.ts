/** The file of an SVID, for the Action and the CLI. */
export interface SvidFile {
  readonly path: string;
  /** The folder that was made for this file alone; absent where the user named the file. */
  readonly folder?: string;
}

/** The parts of `node:fs` and `node:path` that the file needs, and a source of file names. */
export interface FilePorts {
  readonly fs: {
    mkdtempSync(prefix: string): string;
    writeFileSync(path: string, content: string, options: { flag: "wx"; mode: number }): void;
    chmodSync(path: string, mode: number): void;
    renameSync(from: string, to: string): void;
    rmSync(path: string, options: { force: true; recursive?: true }): void;
  };
  readonly path: {
    join(...parts: string[]): string;
    dirname(path: string): string;
    basename(path: string): string;
  };
  /** A name that no other file has, as `randomUUID`. */
  readonly randomName: () => string;
}

/** The owner alone may read and write the file. */
const OWNER_ONLY = 0o600;

/**
 * Makes a folder (0700) for one SVID. The file is not written yet.
 *
 * @param temp the folder that the CI system keeps for temporary files.
 */
export function freshSvidFile(temp: string, { fs, path }: FilePorts): SvidFile {
  const folder = fs.mkdtempSync(path.join(temp, "svid-exchange-"));
  return { path: path.join(folder, "svid.jwt"), folder };
}

/**
 * Puts an SVID into the file in one step: a reader sees the old SVID or the new one, never a part. The new file is
 * created, never opened, so that a link or a file with wider permissions is replaced, not followed. Throws what the file
 * system throws, and then leaves the old file as it was.
 */
export function writeSvidFile(file: SvidFile, svid: string, { fs, path, randomName }: FilePorts): void {
  const fresh = path.join(path.dirname(file.path), `.${path.basename(file.path)}.${randomName()}`);
  try {
    fs.writeFileSync(fresh, svid, { flag: "wx", mode: OWNER_ONLY });
    fs.chmodSync(fresh, OWNER_ONLY); // A umask may have taken the owner's own bits.
    fs.renameSync(fresh, file.path);
  } catch (error) {
    fs.rmSync(fresh, { force: true });
    throw error;
  }
}

/** Removes the file, and the folder that was made for it. A file that is gone already is no error. */
export function removeSvidFile({ path, folder }: SvidFile, { fs }: FilePorts): void {
  fs.rmSync(path, { force: true });
  if (folder !== undefined) fs.rmSync(folder, { force: true, recursive: true });
}

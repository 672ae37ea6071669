import { randomUUID } from "node:crypto";
import { chmod, mkdir, mkdtemp, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** Read and written by its owner alone. */
const OWNER_ONLY = 0o600;

/** The name under which the step tells its `post` about the file. */
export const SVID_FILE_STATE = "svid-file";

/** Where an SVID will be, and what `post` takes away again. */
export interface SvidFile {
  readonly path: string;
  /** The folder that was made for it alone, where nothing else was asked for. */
  readonly folder?: string;
}

/**
 * @param asked the path that the workflow names, relative to the workspace; absent for a fresh folder (0700).
 * @param temp the runner's own temporary folder, which it empties before and after each job.
 */
export async function placeSvidFile(asked: string | undefined, temp: string): Promise<SvidFile> {
  if (asked !== undefined) return { path: resolve(asked) };
  const folder = await mkdtemp(join(temp, "svid-exchange-"));
  return { path: join(folder, "svid.jwt"), folder };
}

/**
 * Puts the SVID there in one step: a reader sees the old one or the new one. The new file is created, never opened,
 * so a link or a file with wider permissions that stands there is replaced, not followed.
 */
export async function writeSvidFile({ path }: SvidFile, svid: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const fresh = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(fresh, svid, { flag: "wx", mode: OWNER_ONLY });
    await chmod(fresh, OWNER_ONLY); // A umask may have taken the owner's own bits.
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Takes the file away, and its folder where that was made for it. What is gone already is no error. */
export async function removeSvidFile({ path, folder }: SvidFile): Promise<void> {
  await rm(path, { force: true });
  if (folder !== undefined) await rmdir(folder).catch(() => undefined);
}

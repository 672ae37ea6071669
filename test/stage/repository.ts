import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** Makes a folder with a git repository in it, which has this remote. @returns the folder. */
export function createRepository(folder: string, remote?: string): string {
  mkdirSync(folder);
  execFileSync("git", ["init", "--quiet", folder]);
  if (remote !== undefined) execFileSync("git", ["-C", folder, "remote", "add", "origin", remote]);
  return folder;
}

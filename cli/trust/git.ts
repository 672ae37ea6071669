import { type ExecFileSyncOptions, execFileSync } from "node:child_process";

/** @returns the URL of the git remote `origin`; "" where there is no git, no repository or no such remote. */
export function originUrl(cwd: string): string {
  return git(["remote", "get-url", "origin"], cwd)?.trim() ?? "";
}

/** True where the folder belongs to a git repository that does not ignore this file. */
export function isUnignored(path: string, cwd: string): boolean {
  return (
    git(["rev-parse", "--is-inside-work-tree"], cwd) !== undefined &&
    git(["check-ignore", "--quiet", path], cwd) === undefined
  );
}

/** @returns standard output, or `undefined` where git is missing or ends with an error. */
function git(args: readonly string[], cwd: string): string | undefined {
  const options: ExecFileSyncOptions = { cwd, stdio: ["ignore", "pipe", "ignore"] };
  try {
    return String(execFileSync("git", args, options));
  } catch {
    return undefined;
  }
}

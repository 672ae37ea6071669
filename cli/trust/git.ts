import { type ExecFileSyncOptions, execFileSync } from "node:child_process";

/** @returns the URL of the git remote `origin`; "" where there is no git, no repository or no such remote. */
export function originUrl(cwd: string): string {
  return git(["remote", "get-url", "origin"], cwd)?.trim() ?? "";
}

/** True where `cwd` is in a git repository and no .gitignore names the file: `git add` would take it. */
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

// Runs an npm script on the Node that the lockfile pins, installing first where node_modules is missing or out of date.
// This file alone runs on the machine's own Node (20 or newer), so it imports nothing but Node.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [script, ...args] = process.argv.slice(2);
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

function run(...npmArgs) {
  const { status } = spawnSync(npm, npmArgs, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** npm writes this copy of the lockfile last: one that is older than the lockfile is of another install. */
function isInstalled() {
  const written = (file) => statSync(`${root}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return written("node_modules/.package-lock.json") >= written("package-lock.json");
}

if (!isInstalled()) {
  console.log("Installing the pinned toolchain, once: about a minute …");
  run("ci", "--no-audit", "--no-fund", "--loglevel=error");
}
run("run", "--silent", script, "--", ...args);

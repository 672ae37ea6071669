import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";

const CONFIGURATIONS = ["wrangler.toml", "wrangler.json", "wrangler.jsonc"];

/**
 * Finds the wrangler of the project that the exchange is deployed from. wrangler runs with the maintainer's API token
 * in its environment, so one that lies in any other folder above is never run: whoever can write there, as in a shared
 * /tmp, would get the token. The project is the folder of wrangler's configuration, and the folders above it as far as
 * they belong to the same git repository, where a workspace keeps its packages.
 *
 * @param config the configuration file that the user named.
 * @returns the `node_modules/.bin` with wrangler.
 */
export function projectWrangler(cwd: string, config: string | undefined): Result<string, Failure> {
  const project = config === undefined ? nearest(resolve(cwd), isProject) : dirname(resolve(cwd, config));
  if (project === undefined) {
    return failed("wrangler_missing", `No ${CONFIGURATIONS[0]} is in ${cwd} or a folder above it.`, [
      "Go to the folder of the exchange's wrangler.toml, or name that file with --config.",
    ]);
  }
  const root = nearest(project, isRepository) ?? project;
  const folder = nearest(project, hasWrangler, root);
  if (folder !== undefined) return ok(binOf(folder));
  return failed("wrangler_missing", `wrangler is not installed in the project at ${project}.`, [
    "Install it in the folder of the exchange's wrangler.toml. A wrangler elsewhere is not run:",
    "  npm install --save-dev wrangler",
  ]);
}

/** The configuration of wrangler in a folder, or in the nearest above it. */
export function wranglerConfiguration(folder: string): string | undefined {
  const project = nearest(folder, isProject);
  if (project === undefined) return undefined;
  return CONFIGURATIONS.map((name) => join(project, name)).find((path) => existsSync(path));
}

/** The first folder that fits, from one upwards to another. */
function nearest(from: string, fits: (folder: string) => boolean, last?: string): string | undefined {
  if (fits(from)) return from;
  const parent = dirname(from);
  return from === last || parent === from ? undefined : nearest(parent, fits, last);
}

function isProject(folder: string): boolean {
  return CONFIGURATIONS.some((name) => existsSync(join(folder, name)));
}

function isRepository(folder: string): boolean {
  return existsSync(join(folder, ".git"));
}

function hasWrangler(folder: string): boolean {
  return existsSync(join(binOf(folder), "wrangler"));
}

function binOf(folder: string): string {
  return join(folder, "node_modules", ".bin");
}

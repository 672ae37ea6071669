import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The source files at or below a folder: no declarations, nothing that a build has made. */
export function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.(ts|mts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/dist/"))
    .sort();
}

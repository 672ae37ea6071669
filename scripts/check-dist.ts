import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLES, buildBundle } from "./build.ts";

/** Builds the action anew and compares it byte by byte with what is committed: what runs is what the source says. */

const fresh = mkdtempSync(join(tmpdir(), "svid-exchange-dist-"));
try {
  await buildBundle("action", fresh);
  const different = differences(BUNDLES.action.folder, fresh);
  for (const line of different) console.error(line);
  if (different.length > 0) {
    console.error("Run npm run build and commit action/dist.");
    process.exitCode = 1;
  } else {
    console.log("action/dist is what its source builds");
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function differences(committed: string, built: string): string[] {
  const names = new Set([...readdirSync(committed), ...readdirSync(built)]);
  return [...names].sort().flatMap((name) => {
    const [old, now] = [contents(join(committed, name)), contents(join(built, name))];
    if (old === undefined) return [`${name} is missing from ${committed}`];
    if (now === undefined) return [`${name} in ${committed} is no longer built`];
    return old.equals(now) ? [] : [`${name} differs: ${old.length} bytes committed, ${now.length} built`];
  });
}

function contents(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "../../scripts/build.ts";
import { holdTime } from "./hold-time.ts";
import { type Ended, type ProcessOptions, type Started, startProcess } from "./process.ts";

export interface CliOptions extends ProcessOptions {
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** `held`: a pause takes no time, and no timeout ends: held-time.mjs. */
  readonly time?: "held";
}

/** The bundle as users run it: one file in a folder where there is nothing to import. */
export async function buildCli() {
  const folder = mkdtempSync(join(tmpdir(), "svid-cli-"));
  const bundle = join(folder, "svid-exchange.mjs");
  await buildBundle("cli", folder);
  const start = (args: readonly string[], options: CliOptions = {}): Started => {
    const { node = process.execPath, nodeArgs = [], time, env } = options;
    const held = time === "held" ? holdTime(join(folder, "pauses")) : { nodeArgs: [], env: {} };
    return startProcess(node, [...held.nodeArgs, ...nodeArgs, bundle, ...args], {
      cwd: folder,
      ...options,
      env: { ...env, ...held.env },
    });
  };
  return {
    bundle,
    folder,
    start,
    run: (args: readonly string[], options: CliOptions = {}): Promise<Ended> => start(args, options).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Cli = Awaited<ReturnType<typeof buildCli>>;

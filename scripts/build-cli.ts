import { build } from "esbuild";

/** Bundles the CLI into one file without run-time dependencies, for every Node from 20 on. */
export async function buildCli(outfile: string): Promise<void> {
  await build({
    entryPoints: ["cli/main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    // Packages that are CommonJS ask for Node's own modules with require().
    banner: {
      js: 'import{createRequire as __require}from"node:module";const require=__require(import.meta.url);',
    },
  });
}

if (import.meta.main) await buildCli("build/svid-exchange.mjs");

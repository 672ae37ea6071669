import { readFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

type Constant = keyof typeof import("../../worker/limits.ts") | keyof typeof import("../../shared/limits.ts");

/** Numbers that take the place of those of the two `limits.ts`, so that a test reaches them soon. */
export type Limits = Partial<Record<Constant, number>>;

/** Bundles a module for workerd, with the same conditions as wrangler. */
export async function bundleForWorkerd(entry: string, limits: Limits): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    logLevel: "warning",
    plugins: [withLimits(limits)],
  });
  return outputFiles[0]?.text ?? "";
}

function withLimits(limits: Limits): Plugin {
  return {
    name: "with-limits",
    setup({ onLoad, onEnd }) {
      const left = new Map(Object.entries(limits));
      onLoad({ filter: /[\\/](worker|shared)[\\/]limits\.ts$/ }, async ({ path }) => ({
        contents: lowered(await readFile(path, "utf8"), left),
        loader: "ts",
      }));
      onEnd(() => {
        if (left.size > 0) throw new Error(`no limits.ts of the bundle has ${[...left.keys()].join(", ")}`);
      });
    },
  };
}

/** Takes out of `left` what it finds. */
function lowered(source: string, left: Map<string, number>): string {
  return source.replace(/^export const (\w+) = .*;$/gm, (line, name: string) => {
    const value = left.get(name);
    left.delete(name);
    return value === undefined ? line : `export const ${name} = ${value};`;
  });
}

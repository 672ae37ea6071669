import { readFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

/** Numbers that take the place of those of `worker/limits.ts`, so that a test reaches them soon. */
export type Limits = Partial<Record<keyof typeof import("../../worker/limits.ts"), number>>;

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
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]worker[\\/]limits\.ts$/ }, async ({ path }) => ({
        contents: lowered(await readFile(path, "utf8"), limits),
        loader: "ts",
      }));
    },
  };
}

function lowered(source: string, limits: Limits): string {
  return Object.entries(limits).reduce((text, [name, value]) => {
    const constant = new RegExp(`^export const ${name} = .*;$`, "m");
    if (!constant.test(text)) throw new Error(`worker/limits.ts has no line for ${name}`);
    return text.replace(constant, `export const ${name} = ${value};`);
  }, source);
}

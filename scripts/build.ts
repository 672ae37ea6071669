import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

/**
 * Builds what ships as files: the same sources and lockfile give the same bytes on every machine. Not minified, so
 * that a reader can compare a bundle with its source.
 */

const ROOT = resolve(import.meta.dirname, "..");

const VERSION: string = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version;

interface Bundle {
  /** Where it goes, from the repository's root; the folder is the build's alone. */
  readonly folder: string;
  readonly options: BuildOptions;
}

export const BUNDLES = {
  /** CommonJS by its file name, whatever package.json says: the runner starts the file as it is. */
  action: {
    folder: "action/dist",
    options: {
      entryPoints: { main: "action/main.ts", post: "action/post.ts", serve: "action/serve.ts" },
      outExtension: { ".js": ".cjs" },
      format: "cjs",
      target: "node24",
    },
  },
  /** One file for every Node that has long-term support. Minified: with `yaml` in it, it would be twice as large. */
  cli: {
    folder: "build/cli",
    options: {
      entryPoints: { "svid-exchange": "cli/main.ts" },
      outExtension: { ".js": ".mjs" },
      format: "esm",
      target: "node20",
      minify: true,
      define: { CLI_VERSION: JSON.stringify(VERSION) },
      // Its ES modules: of the CommonJS ones, nothing could be left out.
      alias: { yaml: "./node_modules/yaml/browser/dist/index.js" },
      // Packages that are CommonJS ask for Node's own modules with require().
      banner: {
        js: 'import{createRequire as nodeRequire}from"node:module";const require=nodeRequire(import.meta.url);',
      },
    },
  },
} as const satisfies Record<string, Bundle>;

/**
 * Importing these changes nothing: what is not used of them may be left out. `@actions/core` alone would bring an HTTP
 * stack for its own token request, and `@actions/github` all of Octokit.
 */
const WITHOUT_SIDE_EFFECTS = /[\\/]node_modules[\\/](@actions|@octokit|undici|tunnel|yaml)[\\/]/;

const leaveOutUnused: Plugin = {
  name: "leave-out-unused",
  setup({ onResolve, resolve: resolvePath }) {
    onResolve({ filter: /./ }, async ({ path, pluginData, kind, importer, resolveDir }) => {
      if (pluginData === leaveOutUnused || kind === "entry-point") return undefined;
      const found = await resolvePath(path, { importer, resolveDir, kind, pluginData: leaveOutUnused });
      return WITHOUT_SIDE_EFFECTS.test(found.path) ? { ...found, sideEffects: false } : undefined;
    });
  },
};

/** The part of `yaml` that writes YAML. Nothing here does, and a trust document that would need it is refused before. */
const YAML_WRITER =
  /[\\/]yaml[\\/]browser[\\/]dist[\\/]stringify[\\/](stringify(Collection|Document|Pair|String)?|foldFlowLines)\.js$/;

const leaveOutYamlWriter: Plugin = {
  name: "leave-out-yaml-writer",
  setup({ onLoad }) {
    onLoad({ filter: YAML_WRITER }, ({ path }) => {
      const [, names = ""] = /^export \{ (.*) \};$/m.exec(readFileSync(path, "utf8")) ?? [];
      if (names === "") throw new Error(`${path} exports nothing that could be left out`);
      const stubs = names.split(", ").map((name) => `export const ${name} = refuse;`);
      const refuse = 'const refuse = () => { throw new Error("this build of yaml only reads"); };';
      return { contents: [refuse, ...stubs].join("\n"), loader: "js" };
    });
  },
};

/** @param folder where to write, instead of the bundle's own folder. */
export async function buildBundle(name: keyof typeof BUNDLES, folder?: string): Promise<void> {
  const bundle: Bundle = BUNDLES[name];
  const outdir = resolve(ROOT, folder ?? bundle.folder);
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    ...bundle.options,
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    charset: "utf8",
    legalComments: "none", // licenses.txt has them all.
    logLevel: "warning",
    plugins: [leaveOutUnused, leaveOutYamlWriter],
    metafile: true,
    outdir,
  });
  writeFileSync(join(outdir, "licenses.txt"), licensesOf(metafile));
}

/** The licence of every package that has at least one byte in the bundle. */
function licensesOf({ outputs }: Metafile): string {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? "");
  const packages = [...new Set(folders)].filter((folder) => folder !== "").map(licenseOf);
  return `${packages.sort().join(`\n${"-".repeat(80)}\n\n`)}`;
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  const file = readdirSync(join(ROOT, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file: it cannot be shipped`);
  const text = readFileSync(join(ROOT, folder, file), "utf8")
    .replaceAll("\r\n", "\n")
    .trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** Builds what the command line names, or everything. */
async function main(wanted: readonly string[]): Promise<void> {
  for (const name of Object.keys(BUNDLES) as (keyof typeof BUNDLES)[]) {
    if (wanted.length === 0 || wanted.includes(name)) await buildBundle(name);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2));

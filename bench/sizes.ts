import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Figure, median } from "./figures.ts";

const KIB = 1024;

const ACTION_FILES = ["main.cjs", "post.cjs", "serve.cjs"] as const;

/** What ships, as it ships. */
export function sizes(): readonly Figure[] {
  const worker = bundleWorker();
  return [
    { what: "Worker bundle, gzip", value: gzipSync(worker).length / KIB, target: 56, unit: "KiB" },
    ...ACTION_FILES.map((file) => ({
      what: `Action, ${file}`,
      value: kilobytes(join("action/dist", file)),
      target: 150,
      unit: "KB",
    })),
    { what: "CLI, one file", value: kilobytes("build/cli/svid-exchange.mjs"), target: 400, unit: "KB" },
  ];
}

/** Milliseconds that the Action's process takes until it refuses a workflow without permissions: no network in it. */
export function actionProcessTime(runs = 7): Figure {
  const bare = median(Array.from({ length: runs }, () => processTime(["-e", "0"])));
  const entry = readdirSync("action/dist").find((file) => file.startsWith("main"));
  const action = median(Array.from({ length: runs }, () => processTime([join("action/dist", entry ?? "")])));
  return { what: "Action process over a bare Node", value: action - bare, target: 150, unit: "ms" };
}

function processTime(args: readonly string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args, { env: { "INPUT_EXCHANGE-URL": "https://svid.example.org" } });
  return performance.now() - start;
}

function bundleWorker(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "svid-exchange-bundle-"));
  execFileSync("npx", ["wrangler", "deploy", "--dry-run", "--outdir", folder], { stdio: "ignore" });
  const bundle = readFileSync(join(folder, "main.js"));
  rmSync(folder, { recursive: true, force: true });
  return bundle;
}

function kilobytes(path: string): number {
  return existsSync(path) ? statSync(path).size / 1000 : Number.NaN;
}

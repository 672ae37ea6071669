import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { sourcesBelow } from "./sources.ts";

/**
 * What pure code may not touch: clocks, chance, the network, the process, and what goes on by itself. Such things are
 * handed in. `crypto.subtle` is a function of its arguments wherever it is asked to import, verify or digest.
 */
const FORBIDDEN = [
  "AbortSignal.timeout",
  "Bun",
  "Date.now",
  "Deno",
  "EventSource",
  "Math.random",
  "WebSocket",
  "XMLHttpRequest",
  "caches",
  "console",
  "crypto.getRandomValues",
  "crypto.randomUUID",
  "fetch",
  "globalThis",
  "navigator",
  "performance",
  "process",
  "queueMicrotask",
  "require",
  "setImmediate",
  "setInterval",
  "setTimeout",
] as const;

const marker = (name: string): string => `forbidden_${name.replaceAll(".", "_")}`;
const MARKERS = Object.fromEntries(FORBIDDEN.map((name) => [name, marker(name)]));

/** The forbidden globals that a text of TypeScript touches. esbuild replaces a name only where nothing binds it. */
async function globalsOf(code: string): Promise<readonly string[]> {
  const { code: marked } = await transform(code, { loader: "ts", define: MARKERS });
  const found: string[] = FORBIDDEN.filter((name) => new RegExp(`\\b${marker(name)}\\b`).test(marked));
  return /\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)/.test(marked) ? [...found, "Date()"] : found;
}

test.each([
  ["Date.now()", ["Date.now"]],
  ["const at = new Date();", ["Date()"]],
  ["export const later = () => setTimeout(() => 1, 5);", ["setTimeout"]],
  ["crypto.getRandomValues(new Uint8Array(1))", ["crypto.getRandomValues"]],
  ["fetch('https://svid.example.org')", ["fetch"]],
  ["const signal = AbortSignal.timeout(5)", ["AbortSignal.timeout"]],
  ["process.env['HOME']", ["process"]],
])("the scan finds the globals of %s", async (code, globals) => {
  expect(await globalsOf(code)).toEqual(globals);
});

test.each([
  "export const ask = (fetch: () => void) => fetch();",
  "export const text = new Date(5).toISOString();",
  "export const key = () => crypto.subtle.digest('SHA-256', new Uint8Array());",
])("the scan lets pass what is handed in or pure: %s", async (code) => {
  expect(await globalsOf(code)).toEqual([]);
});

test("shared code touches no global of time, chance, network or process", async () => {
  const files = sourcesBelow("shared");
  const touched = await Promise.all(
    files.map(async (file) => ({ file, globals: await globalsOf(readFileSync(file, "utf8")) })),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(touched.filter(({ globals }) => globals.length > 0)).toEqual([]);
});

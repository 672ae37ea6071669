import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseJson } from "../../shared/client/fetch.ts";
import { isJsonObject } from "../../shared/json.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { projectWrangler } from "./project-wrangler.ts";

/** The options of wrangler that choose the KV namespace of the exchange. */
export interface WranglerFlags {
  readonly where: "--local" | "--remote";
  readonly config?: string;
  readonly env?: string;
  readonly persistTo?: string;
}

const BINDING = "KV";
/** The key of the trust document; the Worker reads it (worker/trust/). */
const KEY = "trust";
/** More than a value in KV can have (25 MiB). */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
/** wrangler prints this, with exit code 0, for a key that the local KV does not have. */
const NOT_FOUND = "Value not found";

/** Reads the stored trust document. @returns its text, or `undefined` where there is none. */
export async function readStored(
  flags: WranglerFlags,
  ports: Ports,
): Promise<Result<string | undefined, Failure>> {
  const read = await kv(["get", KEY, "--text"], flags, ports);
  if (!read.ok) return (await isAbsent(flags, ports)) ? ok(undefined) : read;
  const text = read.value.trimEnd();
  return ok(text === NOT_FOUND || text === "" ? undefined : text);
}

/** Stores a trust document. The text goes through a file: it may be longer than an argument may be. */
export async function writeStored(
  text: string,
  flags: WranglerFlags,
  ports: Ports,
): Promise<Result<void, Failure>> {
  const folder = mkdtempSync(join(tmpdir(), "svid-exchange-apply-"));
  try {
    const path = join(folder, "trust.json");
    writeFileSync(path, text, { mode: 0o600 });
    const put = await kv(["put", KEY, "--path", path], flags, ports);
    return put.ok ? ok(undefined) : put;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** wrangler fails in the same way for a missing key and for every other reason, so the list of keys decides. */
async function isAbsent(flags: WranglerFlags, ports: Ports): Promise<boolean> {
  const listed = await kv(["list", "--prefix", KEY], flags, ports);
  const keys = listed.ok ? parseJson(listed.value) : undefined;
  return Array.isArray(keys) && !keys.some((key) => isJsonObject(key) && key["name"] === KEY);
}

/** Runs `wrangler kv key …`. @returns what it printed on standard output. */
function kv(words: readonly string[], flags: WranglerFlags, ports: Ports): Promise<Result<string, Failure>> {
  const args = [
    "kv",
    "key",
    ...words,
    "--binding",
    BINDING,
    flags.where,
    ...(flags.config === undefined ? [] : ["--config", flags.config]),
    ...(flags.env === undefined ? [] : ["--env", flags.env]),
    ...(flags.persistTo === undefined ? [] : ["--persist-to", flags.persistTo]),
  ];
  const folder = projectWrangler(ports.cwd, flags.config);
  if (!folder.ok) return Promise.resolve(folder);
  return runWrangler(folder.value, args, ports);
}

function runWrangler(
  folder: string,
  args: readonly string[],
  { cwd, env }: Ports,
): Promise<Result<string, Failure>> {
  const isWindows = process.platform === "win32";
  const program = join(folder, isWindows ? "wrangler.cmd" : "wrangler");
  // wrangler's folder comes first: a project may have installed a newer Node there than the machine has.
  const path = [folder, env["PATH"] ?? ""].join(delimiter);
  const options = {
    cwd,
    env: { ...env, PATH: path, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" },
    maxBuffer: MAX_OUTPUT_BYTES,
    shell: isWindows,
  };
  return new Promise((settle) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return settle(ok(stdout));
      const output = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
      return settle(
        failed(
          "wrangler_failed",
          `wrangler ${args.slice(0, 3).join(" ")} failed.`,
          [
            "Correct the error that wrangler reports.",
            "npx wrangler whoami shows the account; npx wrangler deploy creates the KV namespace.",
          ],
          output.slice(0, 12).map(printable),
        ),
      );
    });
  });
}

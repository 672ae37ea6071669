import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A program of another project that the product is run with. It is never part of this repository: README.md. */
export interface Party {
  readonly name: string;
  /** The version that is installed. */
  readonly version: string;
  /** Our own files that it is built from, below `test/interop/`; absent where it is used as it is. */
  readonly source?: string;
  /** Commands that build it from its own registry, in its folder; absent where it must be on the machine already. */
  readonly install?: readonly Command[];
  /** The command that starts it. */
  readonly start: Command;
}

/** A program and its arguments. A path that begins with `./` is in the party's folder. */
export type Command = readonly [program: string, ...args: readonly string[]];

/** Where all of them are installed: git ignores the folder. */
const FOLDER = resolve("build/interop");
/** Holds the version, once all commands of the installation have succeeded. */
const INSTALLED = ".installed";

export function folderOf({ name }: Party): string {
  return join(FOLDER, name);
}

/** @returns the command that starts it, or why it cannot be started here. */
export function commandOf(party: Party): { readonly command: Command } | { readonly missing: string } {
  const [program, ...args] = party.start;
  const needed = (party.install ?? []).map(([tool]) => tool).filter((tool) => !tool.startsWith("./"));
  const absent = [...needed, program].find((name) => !name.startsWith("./") && !isOnPath(name));
  if (absent !== undefined) return { missing: `${absent} is not on this machine` };
  if (!isInstalled(party)) return { missing: "not installed: npm run interop -- --install" };
  return { command: [inFolder(party, program), ...args.map((word) => inFolder(party, word))] };
}

/** @throws where a command of the installation fails. */
export function install(party: Party): void {
  if (party.install === undefined || isInstalled(party)) return;
  const folder = folderOf(party);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (party.source !== undefined) cpSync(join("test/interop", party.source), folder, { recursive: true });
  for (const [program, ...args] of party.install) {
    const { status } = spawnSync(inFolder(party, program), args, { cwd: folder, stdio: "inherit" });
    if (status !== 0) throw new Error(`${party.name}: ${program} ${args.join(" ")} failed (${status})`);
  }
  writeFileSync(join(folder, INSTALLED), party.version);
}

function isInstalled(party: Party): boolean {
  const mark = join(folderOf(party), INSTALLED);
  return party.install === undefined || (existsSync(mark) && readFileSync(mark, "utf8") === party.version);
}

function inFolder(party: Party, word: string): string {
  return word.replace(/(^|:)\.\//g, `$1${folderOf(party)}/`);
}

function isOnPath(program: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders.some((folder) => existsSync(join(folder, program)));
}

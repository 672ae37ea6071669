import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A copy of `wrangler.toml` that differs in its entry alone: for running the real Worker inside another one. */
export function configWithMain(main: string): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "svid-exchange-"));
  const path = join(folder, "wrangler.toml");
  const toml = readFileSync("wrangler.toml", "utf8").replace(/^main = .*$/m, `main = "${resolve(main)}"`);
  writeFileSync(path, toml);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { NewFile } from "./new-file.ts";

export const DEV_VARS = ".dev.vars";
/** 256 bits, the size of the key that seals the signing keys (AES-256-GCM). */
const SEALING_KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

/** The file of `wrangler dev`'s secrets, with a new sealing key. Wrangler reads it beside wrangler.toml. */
export function newDevVars(folder: string): NewFile {
  const key = randomBytes(SEALING_KEY_BYTES).toString("base64");
  return { path: join(folder, DEV_VARS), content: `KEY_ENCRYPTION_KEY=${key}\n`, mode: OWNER_ONLY };
}

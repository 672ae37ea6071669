import { sha256 } from "@noble/hashes/sha2.js";
import { err, ok, type Result } from "../../shared/result.ts";
import { encodeBase64url } from "../../shared/strict/base64url.ts";

/** The secrets as the Worker gets them: 32 random bytes in base64, and their predecessor during a change. */
export interface KekSecrets {
  readonly current: string;
  readonly previous?: string | undefined;
}

/** One secret. The id tells it from others and nothing else: it is a hash of 256 random bits. */
export interface Secret {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** All secrets that are configured; the current one is first. */
export type Secrets = readonly [Secret, ...Secret[]];

const SECRET_BYTES = 32;
const ID_BYTES = 9;

/** @returns the secrets, or what is wrong with which one, without its value. */
export function parseSecrets({ current, previous }: KekSecrets): Result<Secrets, string> {
  const now = parseSecret(current);
  if (now === undefined) return err("KEY_ENCRYPTION_KEY is not 32 bytes in base64");
  if (!previous) return ok([now]);
  const before = parseSecret(previous);
  if (before === undefined) return err("KEY_ENCRYPTION_KEY_PREVIOUS is not 32 bytes in base64");
  return ok([now, before]);
}

function parseSecret(base64: string): Secret | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64.trim()), (char) => char.charCodeAt(0));
    return bytes.length === SECRET_BYTES ? { id: idOf(bytes), bytes } : undefined;
  } catch {
    return undefined;
  }
}

function idOf(bytes: Uint8Array): string {
  const named = new Uint8Array([...new TextEncoder().encode("svid-exchange/kek-id/v1"), ...bytes]);
  return encodeBase64url(sha256(named).slice(0, ID_BYTES));
}

import { bytesToHex } from "@noble/hashes/utils.js";

/** What stands for a token in memory and in the log: lower-case hex of the SHA-256 of the token as it came. */
export async function tokenHash(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return bytesToHex(new Uint8Array(digest));
}

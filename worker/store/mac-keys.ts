import { err, ok, type Result } from "../../shared/result.ts";
import { type KekSecrets, parseSecrets, type Secret } from "./secrets.ts";

/** A key that makes and checks MACs, with the id of the secret that it is derived from. */
export interface MacKey {
  readonly secretId: string;
  readonly key: CryptoKey;
}

/** `kek_unknown`: the secret is not configured. `kek_invalid`: a secret of this Worker is missing or malformed. */
export type MacKeyFailure = "kek_unknown" | "kek_invalid";

/** The kinds of values that carry a MAC, each with keys of its own: the `info` of HKDF (RFC 5869 §3.2). */
const LABELS = {
  ring: "svid-exchange/mac/ring/v1",
  upstreamKeys: "svid-exchange/mac/upstream-keys/v1",
} as const;

export type MacKind = keyof typeof LABELS;

const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 } as const;

/** @returns what gives the MAC key of a secret, by default of the current one. Each key is derived once. */
export function macKeys(secrets: KekSecrets, kind: MacKind) {
  const derived = new Map<string, MacKey>();
  return async (secretId?: string): Promise<Result<MacKey, MacKeyFailure>> => {
    const known = derived.get(secretId ?? "");
    if (known !== undefined) return ok(known);
    const parsed = parseSecrets(secrets);
    if (!parsed.ok) return err("kek_invalid");
    const [current] = parsed.value;
    const secret = secretId === undefined ? current : parsed.value.find(({ id }) => id === secretId);
    if (secret === undefined) return err("kek_unknown");
    const key = { secretId: secret.id, key: await deriveKey(secret, kind) };
    derived.set(secretId ?? "", key);
    return ok(key);
  };
}

/** RFC 5869 §3.1: the secret is uniformly random, so there is no salt. */
async function deriveKey({ bytes }: Secret, kind: MacKind): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode(LABELS[kind]);
  const params = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(params, secret, HMAC, false, ["sign", "verify"]);
}

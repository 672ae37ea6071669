import type { Denial } from "../../shared/denial.ts";
import { type KeySet, readKeySet } from "../../shared/jwk/key-set.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { Moment } from "../moment.ts";
import { jwks } from "../signing/documents.ts";
import type { SigningKeys } from "../signing/isolate/signing-keys.ts";
import type { KeySettings } from "../signing/ring/ring.ts";

/** The keys that our own SVIDs are verified with: those that the exchange publishes, from the isolate's memory. */
export type OwnKeys = (settings: KeySettings, moment: Moment) => Promise<Result<KeySet, Denial>>;

/** Judges the published keys as every relying party does, once for each set of them. */
export function createOwnKeys(signingKeys: Pick<SigningKeys, "published">): OwnKeys {
  let kept: { readonly sequence: number; readonly keys: KeySet } | undefined;
  return async (settings, moment) => {
    const published = await signingKeys.published(settings, moment);
    if (!published.ok) return published;
    const { sequence } = published.value;
    if (kept?.sequence !== sequence) kept = { sequence, keys: keySetOf(jwks(published.value)) };
    return ok(kept.keys);
  };
}

function keySetOf(document: ReturnType<typeof jwks>): KeySet {
  const read = readKeySet(JSON.parse(JSON.stringify(document)), "sig");
  if (!read.ok) throw new Error(`the exchange publishes a key set that ${read.error}`);
  return read.value.keys;
}

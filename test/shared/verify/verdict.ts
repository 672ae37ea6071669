import type { JsonObject } from "../../../shared/json.ts";
import { readKeySet } from "../../../shared/jwk/key-set.ts";
import type { KeyUse } from "../../../shared/jwk/public-key.ts";
import { parseTrustDomain } from "../../../shared/spiffe-id.ts";
import { judgeSvid } from "../../../shared/verify/svid.ts";

/** One SVID and what it is judged by, as JSON can hold it, so that any runtime can judge it. */
export interface Case {
  readonly token: string;
  readonly keys: JsonObject;
  readonly use: KeyUse;
  readonly audiences: readonly string[] | "any";
  readonly now: number;
  readonly trustDomain?: string;
  readonly issuer?: string;
  readonly leewaySeconds?: number;
}

/** `good`, or the code and the words of the refusal. */
export type Verdict = { readonly code: string; readonly what: string };

export async function verdictOf({ token, keys, use, now, trustDomain, ...expected }: Case): Promise<Verdict> {
  const set = readKeySet(keys, use);
  if (!set.ok) throw new Error(set.error);
  const domain = trustDomain === undefined ? undefined : parseTrustDomain(trustDomain);
  if (domain?.ok === false) throw new Error(domain.error);
  const judged = await judgeSvid(
    token,
    { ...expected, keys: set.value.keys, ...(domain === undefined ? {} : { trustDomain: domain.value }) },
    now,
  );
  return judged.ok ? { code: "good", what: judged.value.spiffeId } : judged.error;
}

import { now } from "../../local/clock.ts";
import { trustDocument } from "../../local/trust-document.ts";
import { deny } from "../../shared/denial.ts";
import { err, ok } from "../../shared/result.ts";
import { compileTrust } from "../../shared/trust/compile/trust.ts";
import { type ExchangeParts, exchange } from "../../worker/exchange/exchange.ts";
import { createUpstreamKeys } from "../../worker/issuers/upstream-keys.ts";
import { createValueMac } from "../../worker/store/value-mac.ts";
import { type KeySets, VAULT, withMoreIssuers } from "./issuers.ts";

/**
 * The exchange's pipeline in this process, up to where it would sign: for tests that watch what it calls, or that need
 * it ten thousand times. A token that gets as far as the signer ends with `signing_keys_unavailable`.
 */
export function pipeline(keySets: KeySets) {
  const compiled = compileTrust(withMoreIssuers(trustDocument()));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const trust = { config: compiled.value, version: "v", since: 0, issuerPath: "" };
  const fetched: string[] = [];
  const fetch = async (url: string): Promise<Response> => {
    fetched.push(url);
    const { origin } = new URL(url);
    const keys = keySets[origin];
    if (keys === undefined) throw new TypeError(`no route to ${url}`);
    return Response.json(url.endsWith("/keys") ? { keys } : { issuer: origin, jwks_uri: `${origin}/keys` });
  };
  const reached = { consume: 0 };
  const parts: ExchangeParts = {
    upstreamKeys: createUpstreamKeys({
      fetch,
      kv: { get: async () => null, put: async () => undefined },
      mac: createValueMac({ current: Buffer.alloc(32, 7).toString("base64") }, "upstreamKeys"),
    }),
    rateLimits: { exchangeOf: async () => undefined, dryRunOf: async () => undefined },
    signingKeys: {
      signer: async () => err(deny("signing_keys_unavailable", "There is no signer here.")),
    } as never,
    consume: async () => {
      reached.consume++;
      return ok({ giveBack: async () => undefined });
    },
    checkUnused: async () => ok(undefined),
  };
  return {
    fetched,
    reached,
    async codeOf(subjectToken: string): Promise<string> {
      const context = { trust, trail: {}, now: now(), background: () => undefined };
      const result = await exchange({ subjectToken, audience: VAULT }, context, parts);
      return result.ok ? "ok" : result.error.code;
    },
  };
}

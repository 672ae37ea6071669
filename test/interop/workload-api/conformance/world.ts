import type { JsonObject } from "../../../../shared/json.ts";
import { readKeySet } from "../../../../shared/jwk/key-set.ts";
import { ok } from "../../../../shared/result.ts";
import type { SpiffeId, TrustDomain } from "../../../../shared/spiffe-id.ts";
import { followBundle } from "../../../../shared/workload-api/bundle-feed.ts";
import { workloadService } from "../../../../shared/workload-api/service.ts";
import type { Json } from "../../../shared/subject-token/craft.ts";
import {
  claims,
  ecdsa,
  header,
  NOW,
  publicJwk,
  type Signer,
  SPIFFE_ID,
  svid,
  TRUST_DOMAIN,
} from "../../../shared/verify/craft.ts";
import { createClock } from "../../../stage/clock.ts";
import { pause, startGrpcServer } from "../../../stage/grpc-server.ts";
import { type Ended, svidRequest, validateRequest } from "../../../stage/workload-client.ts";

/** The Workload API as a conformance suite meets it, with the keys of the trust domain in hand. */
export type Subject = Awaited<ReturnType<typeof startSubject>>;

/** The validator's audience, in each row. */
export const VALIDATOR = "conformance";
const REFRESH_SECONDS = 60;

/** The keys of the trust domain; one is for X.509-SVIDs. */
const KEYS: readonly Json[] = [
  publicJwk("rsa", { use: "jwt-svid" }),
  publicJwk("p256", { use: "jwt-svid" }),
  publicJwk("p384", { use: "jwt-svid" }),
  publicJwk("p521", { use: "jwt-svid" }),
  publicJwk("stranger", { use: "x509-svid" }),
  { kty: "AKP", kid: "unknown-type", use: "jwt-svid", pub: "AAAA" },
];

export async function startSubject() {
  const clock = createClock(NOW * 1000);
  const ended = new AbortController();
  let published = bundleOf(KEYS);
  const bundle = followBundle(
    TRUST_DOMAIN as TrustDomain,
    published,
    { read: async () => ok(published), pause: clock.pause, onChange: () => {}, onFailure: () => {} },
    ended.signal,
  );
  const service = workloadService({
    svidFor: async (audience) =>
      ok({ spiffeId: SPIFFE_ID as SpiffeId, svid: svid(header(), claims({ aud: audience })) }),
    bundle,
    nowMs: clock.nowMs,
    pause,
    onBug: (error) => {
      throw error;
    },
  });
  const server = await startGrpcServer(service);
  const client = await server.connect();
  const call = (method: string, message?: Uint8Array, headers?: Readonly<Record<string, string>>) =>
    client.call(method, {
      ...(message === undefined ? {} : { message }),
      ...(headers === undefined ? {} : { securityHeader: false, headers }),
    });
  return {
    client,
    call,
    fetchSvid: (audience: readonly string[], id?: string): Promise<Ended> =>
      call("FetchJWTSVID", svidRequest(audience, id)),
    validate: (token: string, audience = VALIDATOR): Promise<Ended> =>
      call("ValidateJWTSVID", validateRequest(audience, token)),
    /** Publishes other keys, and lets the time pass in which they are read. */
    publish: async (keys: readonly Json[]): Promise<void> => {
      published = bundleOf(keys);
      await clock.advance(REFRESH_SECONDS * 1000);
    },
    keys: KEYS,
    close: async () => {
      ended.abort();
      await server.close();
    },
  };
}

/** An SVID for the validator, as the catalogue makes them: ES256, `aud` a list, five minutes. */
export function token(
  more: { readonly header?: Json; readonly claims?: Json; readonly signer?: Signer } = {},
): string {
  const own = header(more.header);
  return svid(own, claims({ aud: [VALIDATOR], ...more.claims }), more.signer ?? ecdsa(256, "p256"));
}

function bundleOf(keys: readonly Json[]) {
  const document = { keys, spiffe_refresh_hint: REFRESH_SECONDS } as unknown as JsonObject;
  const read = readKeySet(document, "jwt-svid");
  if (!read.ok) throw new Error(read.error);
  return { ...read.value, document };
}

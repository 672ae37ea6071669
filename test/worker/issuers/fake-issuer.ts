import type { AllowedIssuer } from "../../../shared/trust/model/issuer.ts";
import { createUpstreamKeys } from "../../../worker/issuers/upstream-keys.ts";
import { createValueMac } from "../../../worker/store/value-mac.ts";
import { allowedIssuer, ISSUER, NOW, publicJwk, rsaKey } from "../../shared/subject-token/craft.ts";
import { createMemoryKv } from "../../stage/memory-kv.ts";
import { createMoments } from "../../stage/moments.ts";

export const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
export const JWKS = `${ISSUER}/keys`;

type Page = () => Response | Promise<Response>;

/** An issuer in memory: what each of its addresses responds, the requests that it got, and a KV namespace that may be down. */
export function fakeIssuer() {
  const answers = new Map<string, Page>();
  const asked: { url: string; init: RequestInit }[] = [];
  const kv = createMemoryKv();
  const reports: string[] = [];
  /** Why isolates did not use a copy in KV. */
  const refused: string[] = [];
  const mac = createValueMac({ current: Buffer.alloc(32, 1).toString("base64") }, "upstreamKeys");
  const timeouts: number[] = [];
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    asked.push({ url, init });
    const answer = answers.get(url);
    if (answer === undefined) throw new TypeError(`no route to ${url}`);
    return answer();
  }
  const publish = (...kids: string[]) =>
    answers.set(JWKS, () =>
      Response.json({ keys: kids.map((kid) => publicJwk(rsaKey, { kid, alg: "RS256" })) }),
    );
  answers.set(DISCOVERY, () => Response.json({ issuer: ISSUER, jwks_uri: JWKS }));
  publish("k1");
  return {
    answers,
    publish,
    asked,
    kv,
    reports,
    refused,
    mac,
    /** How long each fetch was given, in milliseconds. Here it is given less. */
    timeouts,
    down: () => answers.clear(),
    /** A cold isolate: nothing in memory. It asks as a request at `now`, and ends what goes on behind the response. */
    isolate() {
      const upstream = createUpstreamKeys({
        fetch,
        kv,
        mac,
        reportCopy: (_, reason) => void refused.push(reason),
        timeoutSignal: (ms) => {
          timeouts.push(ms);
          return AbortSignal.timeout(50);
        },
        report: ({ id }, failure) => void reports.push(`${id}: ${failure}`),
      });
      const ask = async (kid: string, now = NOW, issuer: AllowedIssuer = allowedIssuer(), alg = "RS256") => {
        const { at, settle } = createMoments();
        const key = await upstream.keyFor(issuer, { alg, kid }, at(now));
        await settle();
        return key.ok ? "ok" : key.error.code;
      };
      return { ask, upstream };
    },
  };
}

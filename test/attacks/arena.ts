import { createHash } from "node:crypto";
import { now } from "../../local/clock.ts";
import { OUR_ISSUER } from "../../local/trust-document.ts";
import { exchangeForm } from "../../shared/wire.ts";
import type { Json } from "../shared/subject-token/craft.ts";
import { type ExchangeOptions, startExchange } from "../stage/exchange.ts";
import { createGateway } from "../stage/gateway.ts";
import { CANARY_HOST, type KeySets, VAULT, withMoreIssuers } from "./issuers.ts";
import { type Leak, leaksOf } from "./leaks.ts";

export interface Sent {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Json;
  readonly headers: Headers;
  /** Outbound requests of the Worker while it answered. */
  readonly outbound: number;
}

export type Arena = Awaited<ReturnType<typeof openArena>>;

/**
 * The real Worker in workerd with the issuers above, whose key sets are `keySets`, a canary on loopback and canary
 * names, and a memory of every secret that passes, in which the log is searched at the end.
 */
export async function openArena(keySets: KeySets, options: ExchangeOptions = {}) {
  const { trust = (document) => document } = options;
  const loopback = await createGateway(() => Response.json({}));
  const named: string[] = [];
  const secrets: string[] = [];
  const lab = await startExchange({
    ...options,
    // Every attack has its line, so that all of them are searched.
    limits: { MAX_ANONYMOUS_LINES: 1_000_000, ...options.limits },
    trust: trust && ((document) => trust(withMoreIssuers(document))),
  });
  const serveKeys = (request: Request): Response | undefined => {
    const { origin, hostname } = new URL(request.url);
    if (hostname.endsWith(CANARY_HOST)) named.push(request.url);
    const keys = keySets[origin];
    if (keys === undefined) return undefined;
    if (request.url.endsWith("/.well-known/openid-configuration")) {
      return Response.json({ issuer: origin, jwks_uri: `${origin}/keys` });
    }
    return Response.json({ keys });
  };
  lab.setOutbound(serveKeys);

  async function judge(response: Response, before: number): Promise<Sent> {
    const text = await response.text();
    const body = (text.startsWith("{") ? JSON.parse(text) : {}) as Json;
    if (typeof body["access_token"] === "string") secrets.push(body["access_token"]);
    const code = body["code"] as string | undefined;
    return {
      status: response.status,
      code,
      body,
      headers: response.headers,
      outbound: lab.requests.length - before,
    };
  }

  const arena = {
    lab,
    canary: {
      url: loopback.url,
      /** Every request to the address on loopback or to a name of the canary's host. */
      visits: (): readonly string[] => [...named, ...loopback.asked()],
    },
    serveKeys,
    /** Every token that was sent or received, for the search of the log. */
    secrets,
    /** Sends any request to any path, from an address of its own unless the headers say another. */
    async request(path: string, init: RequestInit): Promise<Sent> {
      const before = lab.requests.length;
      const headers = { "cf-connecting-ip": newAddress(), ...(init.headers as Record<string, string>) };
      return judge(await lab.fetch(path, { ...init, headers }), before);
    },
    /** Sends a form as it stands. */
    post: (form: string, headers: Record<string, string> = {}): Promise<Sent> =>
      arena.request("/token", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: form,
      }),
    /** Sends a subject token in the usual form. */
    send(token: string, headers: Record<string, string> = {}, more: object = {}): Promise<Sent> {
      secrets.push(token);
      return arena.post(exchangeForm({ subjectToken: token, audience: VAULT, ...more }).toString(), headers);
    },
    /** A GitHub job as any other; what it gets shows that the service is well. */
    async legitimate(headers: Record<string, string> = {}, at = now()): Promise<Sent> {
      return arena.send(await lab.github.token(OUR_ISSUER, at), headers);
    },
    leaks(): { found: readonly Leak[]; searched: number } {
      const lines = lab.logs();
      return { found: leaksOf(secrets, lines), searched: lines.length };
    },
    async close() {
      await lab.close();
      await loopback.close();
    },
  };
  return arena;
}

let addresses = 0;

function newAddress(): string {
  addresses++;
  return `198.18.${(addresses >> 8) & 0xff}.${addresses & 0xff}`;
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exchangeForm } from "../../shared/wire.ts";
import { compact, type Json } from "../shared/subject-token/craft.ts";
import { type Document, now, OUR_ISSUER, startExchange } from "../stage/exchange.ts";
import { type Leak, leaksOf } from "./leaks.ts";

/** The audience of the SVIDs that legitimate jobs ask for. */
export const VAULT = "https://vault.example.org";

/** Issuers whose private keys the tests have, beside the local GitHub and GitLab. Their type is `jwt`. */
export const CI = "https://ci.example";
export const TWIN = "https://twin.example";
export const CURVE = "https://curve.example";
export const ODD = "https://odd.example";

/** Nobody may ever be asked here. */
export const CANARY_HOST = "canary.example";

export interface Sent {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Json;
  readonly headers: Headers;
  /** Outbound requests of the Worker while it answered. */
  readonly outbound: number;
}

export type Arena = Awaited<ReturnType<typeof openArena>>;
export type KeySets = Record<string, readonly Json[]>;

/**
 * The real Worker in workerd with the issuers above, whose key sets are `keySets`, a canary on loopback and canary
 * names, and a memory of every secret that passes, in which the log is searched at the end.
 */
export async function openArena(
  keySets: KeySets,
  main = "worker/main.ts",
  edit = (document: Document): Document => document,
) {
  const canary = await startCanary();
  const secrets: string[] = [];
  const lab = await startExchange({ main, trust: (document) => edit(withMoreIssuers(document)) });
  const serveKeys = (request: Request): Response | undefined => {
    const { origin, hostname } = new URL(request.url);
    if (hostname.endsWith(CANARY_HOST)) canary.visits.push(request.url);
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
    canary,
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
      await canary.close();
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

/** Claims that the policy of a `jwt` issuer takes. */
export function jobClaims(issuer: string, overrides: Json = {}): Json {
  const at = now();
  const jti = crypto.randomUUID();
  const claims = {
    iss: issuer,
    sub: "job:release",
    aud: OUR_ISSUER,
    iat: at,
    exp: at + 300,
    jti,
    ...overrides,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** A token of `CI`, signed as RS256 by its key unless told otherwise. */
export function ciToken(
  header: Json | string = {},
  claims: Json | string = {},
  ...sign: Parameters<typeof compact>[2][]
) {
  const ours = typeof header === "string" ? header : { alg: "RS256", kid: "k1", typ: "JWT", ...header };
  const theirs = typeof claims === "string" ? claims : jobClaims(CI, claims);
  return compact(ours, theirs, ...(sign as [Parameters<typeof compact>[2]]));
}

export function withMoreIssuers(document: Document): Document {
  const issuers = [
    { id: "ci", type: "jwt", issuer: CI, replay: "once" },
    { id: "twin", type: "jwt", issuer: TWIN, replay: "once" },
    { id: "curve", type: "jwt", issuer: CURVE, replay: "once", algorithms: ["ES256"] },
    { id: "odd", type: "jwt", issuer: ODD, replay: "once" },
  ];
  const policies = issuers.map(({ id }) => ({
    name: `${id}-release`,
    issuer: id,
    match: { "jwt.claim.sub": "job:release" },
    spiffeId: `spiffe://{{ trustDomain }}/${id}/release`,
    audiences: [VAULT],
  }));
  return {
    ...document,
    allowedIssuers: [...document.allowedIssuers, ...issuers],
    policies: [...document.policies, ...policies],
  };
}

async function startCanary() {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(request.url ?? "");
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    visits,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

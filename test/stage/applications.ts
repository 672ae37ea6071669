import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { exchangeForm } from "../../shared/wire.ts";
import { KEY_ENCRYPTION_KEY } from "./exchange.ts";
import { createIssuer } from "./issuer.ts";
import { startOrigin } from "./origin.ts";
import { startWorkerd, type WorkerdOptions } from "./workerd.ts";

export const ISSUER = "https://svid.example.org";
export const TRUST_DOMAIN = "ci.example.org";
const CI = "https://ci.example.net";

/** One entry of `applications`. */
export type ApplicationEntry = Readonly<Record<string, unknown>> & { readonly host: string };

export interface ApplicationsOptions extends Pick<WorkerdOptions, "limits" | "rates" | "services"> {
  /** Another entry than the deployed one, for example one on virtual time. */
  readonly main?: string;
  /** The applications, once the address of the origin on loopback is known. */
  readonly applications: (origin: string) => readonly ApplicationEntry[];
  /** Audiences of SVIDs besides those of the applications. */
  readonly audiences?: readonly string[];
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** `Authorization: Bearer`, unless the headers have it. */
  readonly token?: string;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Where the body is JSON: what it says. */
  readonly json: Readonly<Record<string, unknown>>;
}

export type Applications = Awaited<ReturnType<typeof startApplications>>;

/**
 * The real Worker with applications behind its gateway: one origin on loopback, others behind service bindings, and a CI
 * issuer whose keys are in the trust document.
 */
export async function startApplications(options: ApplicationsOptions) {
  const origin = await startOrigin();
  const ci = await createIssuer(CI, { sub: "project:orders", project: "orders", team: "payments" });
  const entries = options.applications(origin.url);
  const audiences = [...entries.map(audienceOf), ...(options.audiences ?? [])];
  const workerd = await startWorkerd({
    ...options,
    main: options.main ?? "worker/main.ts",
    bindings: "deployed",
    secrets: { KEY_ENCRYPTION_KEY },
    outbound: "loopback",
  });
  const document = {
    version: 1,
    trustDomain: TRUST_DOMAIN,
    issuer: ISSUER,
    allowedIssuers: [{ id: "ci", type: "jwt", issuer: CI, jwks: ci.jwks }],
    policies: [policy(audiences)],
    applications: entries,
  };
  const putTrust = async (next: object) => (await workerd.kv()).put("trust", JSON.stringify(next));
  await putTrust(document);
  const direct = await workerd.directUrl();
  const { hostname, port } = direct;

  const send = (host: string, path: string, sent: SendOptions = {}): Promise<Received> =>
    receive({ hostname, port, path, host }, sent);

  return {
    ...workerd,
    origin,
    ci,
    document,
    putTrust,
    direct,
    /** Sends a request over the Worker's own socket, as a job or a stranger does. */
    send,
    /** Writes bytes to the Worker's socket, and gives the answer: once it is whole, or once it fails to go on. */
    write: (bytes: string, patienceMs = 2_000): Promise<string> => writeBytes(direct, bytes, patienceMs),
    /** Exchanges an ID token of the CI for an SVID. */
    async svid(audience: string, claims: object = {}, headers: Record<string, string> = {}): Promise<string> {
      const subjectToken = await ci.token(ISSUER, claims);
      const received = await send("svid.example.org", "/token", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: exchangeForm({ subjectToken, audience }).toString(),
      });
      const { access_token: svid } = received.json;
      if (typeof svid !== "string") throw new Error(received.text);
      return svid;
    },
    close: async () => {
      await workerd.close();
      await origin.close();
    },
  };
}

function audienceOf({ host, audience }: ApplicationEntry): string {
  return typeof audience === "string" ? audience : `https://${host}`;
}

function policy(audiences: readonly string[]): object {
  return {
    name: "job",
    issuer: "ci",
    match: { "jwt.claim.project": { exists: true } },
    spiffeId: "spiffe://{{ trustDomain }}/ci/{{ jwt.claim.project }}",
    audiences: [...new Set(audiences)],
    claims: { team: "{{ jwt.claim.team }}" },
  };
}

interface Place {
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly host: string;
}

function receive(
  { host, ...place }: Place,
  { method = "GET", headers = {}, body, token }: SendOptions,
): Promise<Received> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { ...place, method, maxHeaderSize: 512 * 1024, headers: { host, ...authorization, ...headers } },
      async (response) => {
        try {
          const body = await text(response);
          const json = body.startsWith("{") ? JSON.parse(body) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body, json });
        } catch (cause) {
          reject(cause);
        }
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

function writeBytes({ hostname, port }: URL, bytes: string, patienceMs: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = "";
  const socket = connect(Number(port), hostname, () => socket.write(bytes, "latin1"));
  const patience = setTimeout(() => socket.destroy(), patienceMs);
  socket.on("data", (received) => {
    answer += received.toString("latin1");
    if (isWhole(answer)) socket.destroy();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    clearTimeout(patience);
    resolve(answer);
  });
  return promise;
}

/** Whether an answer has all that its head promises (RFC 9112 §6.3). */
function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const [head, body] = [answer.slice(0, end), answer.slice(end + 4)];
  const [, length] = /^content-length: (\d+)$/im.exec(head) ?? [];
  if (length !== undefined) return body.length >= Number(length);
  return /^transfer-encoding: chunked$/im.test(head) ? body.endsWith("0\r\n\r\n") : true;
}

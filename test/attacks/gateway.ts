import type { DenialCode } from "../../shared/denial.ts";
import { type Applications, type Received, TRUST_DOMAIN } from "../stage/applications.ts";
import { type SeenRequest, valuesOf } from "../stage/origin.ts";

/** The application that is attacked, and one that is nobody's target. */
export const HOST = "app.example.org";
export const OTHER_HOST = "other.example.org";
export const LOOP_HOST = "loop.example.org";
/** The header that carries the assertion, and one that `rewrite` sets besides `Authorization`. */
export const ASSERTION_HEADER = "Svid-Jwt-Assertion";
export const REWRITTEN_HEADER = "X-Team";

/** The world of an attack: honest tokens, and ways to send. */
export interface Siege {
  readonly world: Applications;
  /** An honest SVID for the application, and one for the other. */
  readonly svid: string;
  readonly otherSvid: string;
}

/** What came of a request: the answer, and what the origin saw of it, if it saw it. */
export interface Outcome {
  readonly received: Received;
  readonly seen: SeenRequest | undefined;
}

/** One row: what an attacker sends, and how it must end. */
export interface GatewayAttack {
  readonly name: string;
  /** The code of the refusal; `passes` where the request reaches the origin without what was attacked with. */
  readonly ends: DenialCode | "passes" | "refused by the runtime";
  readonly send: (siege: Siege) => Promise<Outcome>;
  /** What must be true of a request that passes. The checks of every request come besides. */
  readonly check?: (seen: SeenRequest, siege: Siege) => boolean;
}

export const SPOOF = "spoofed-by-the-caller";

async function outcome({ world }: Siege, sending: Promise<Received>): Promise<Outcome> {
  const before = world.origin.seen.length;
  const received = await sending;
  return { received, seen: world.origin.seen[before] };
}

/** Sends header lines as they stand, over a connection of its own. */
export async function sendLines(
  siege: Siege,
  lines: readonly string[],
  requestLine = "GET /attacked HTTP/1.1",
): Promise<Outcome> {
  const before = siege.world.origin.seen.length;
  const text = await siege.world.write(`${requestLine}\r\n${lines.join("\r\n")}\r\n\r\n`);
  const [head = "", ...body] = text.split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  const json = /\{.*\}/s.exec(body.join(""))?.[0];
  return {
    received: { status, headers: {}, text, json: json === undefined ? {} : parsed(json) },
    seen: siege.world.origin.seen[before],
  };
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

const host = `Host: ${HOST}`;
const bearer = ({ svid }: Siege): string => `Authorization: Bearer ${svid}`;

/** A header with the caller's own value, beside an honest token. */
function spoofed(line: string, check?: GatewayAttack["check"]): GatewayAttack {
  return {
    name: `the header ${JSON.stringify(line)}`,
    ends: "passes",
    send: (siege) => sendLines(siege, [host, bearer(siege), line]),
    ...(check === undefined ? {} : { check }),
  };
}

const spellings = (name: string): ReadonlySet<string> =>
  new Set([
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    name.replaceAll("-", "_"),
    name.toUpperCase().replaceAll("-", "_"),
    name.replace("-", "_"),
    name.replaceAll("-", "."),
  ]);

/** Every header that an application believes of its gateway, in every spelling that some server folds into it. */
const RESERVED = [
  ASSERTION_HEADER,
  REWRITTEN_HEADER,
  "X-Spiffe-Id",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-For",
  "Cf-Access-Jwt-Assertion",
  "Teleport-Jwt-Assertion",
].flatMap((name) => [...spellings(name)].map((spelling) => spoofed(`${spelling}: ${SPOOF}`)));

const OTHERS = [
  "X-Forwarded-Host: evil.example",
  "X-Forwarded-Proto: gopher",
  "X-Forwarded-Groups: admins",
  "X-Forwarded-Preferred-Username: root",
  "X-Forwarded-Access-Token: x",
  "X-Forwarded-Client-Cert: Subject=root",
  "X-Forwarded-Uri: /public",
  "X-Forwarded-Prefix: /evil",
  "Forwarded: for=127.0.0.1;host=evil.example;proto=https",
  "X-Request-Id: spoofed",
  "X-Real-IP: 127.0.0.1",
  "True-Client-IP: 127.0.0.1",
  "X-Remote-User: root",
  "X-Remote-Group: system:masters",
  "Remote-User: root",
  "X-WEBAUTH-USER: admin",
  "X-Auth-Request-User: admin",
  "X-Pomerium-Jwt-Assertion: x.y.z",
  "X-Goog-IAP-JWT-Assertion: x.y.z",
  "X-Goog-Authenticated-User-Email: root@example.org",
  "X-Amzn-Oidc-Data: x.y.z",
  "X-MS-CLIENT-PRINCIPAL: e30=",
  "Tailscale-User-Login: root@example.org",
  "SSL-Client-Verify: SUCCESS",
  "Cf-Access-Authenticated-User-Email: root@example.org",
  "CF_Access_Token: x",
  'Cloudflare-Workers-Version-Overrides: svid-exchange="8f1c9e2a"',
  "Cloudflare_Workers_Version_Overrides: x",
  "Proxy-Authorization: Basic cm9vdDo=",
  "Proxy-Connection: keep-alive",
  "Keep-Alive: timeout=5",
  "TE: trailers",
  "Upgrade: h2c",
  "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
  "Svid~Jwt!Assertion: spoofed",
].map((line) => spoofed(line));

const SMUGGLED: readonly GatewayAttack[] = [
  {
    name: "the assertion header twice",
    ends: "passes",
    send: (siege) =>
      sendLines(siege, [
        host,
        bearer(siege),
        `${ASSERTION_HEADER}: ${SPOOF}`,
        `${ASSERTION_HEADER}: ${SPOOF}`,
      ]),
  },
  spoofed(`${ASSERTION_HEADER}: ${SPOOF}, ${SPOOF}`),
  spoofed(`${ASSERTION_HEADER}:`),
  spoofed(`${ASSERTION_HEADER}:   ${SPOOF}   `),
  spoofed(`Connection: ${ASSERTION_HEADER}`),
  spoofed(`Connection: close, ${ASSERTION_HEADER}, ${REWRITTEN_HEADER}, Authorization`),
  spoofed("Connection: host"),
  spoofed("Transfer_Encoding: chunked", (seen) => valuesOf(seen, "transfer_encoding").length === 0),
  {
    name: "a header that Connection takes off",
    ends: "passes",
    send: (siege) => sendLines(siege, [host, bearer(siege), "Connection: X-Hop", "X-Hop: spoofed"]),
    check: (seen) => valuesOf(seen, "x-hop").length === 0,
  },
  {
    name: "a blank before the colon",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [host, bearer(siege), `${ASSERTION_HEADER} : ${SPOOF}`]),
  },
  {
    name: "a folded header line",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [host, bearer(siege), "X-A: b", ` ${ASSERTION_HEADER}: ${SPOOF}`]),
  },
  {
    name: "a null byte in a value",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [host, bearer(siege), "X-A: a\0b"]),
  },
  {
    name: "a lone CR in a value",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [host, bearer(siege), `X-A: a\r${ASSERTION_HEADER}: ${SPOOF}`]),
  },
  {
    name: "a length and chunks at once, with a second request in the body",
    ends: "passes",
    send: (siege) =>
      sendLines(
        siege,
        [
          host,
          bearer(siege),
          "Content-Length: 4",
          "Transfer-Encoding: chunked",
          "",
          "0",
          "",
          "GET /smuggled HTTP/1.1",
          host,
        ],
        "POST /attacked HTTP/1.1",
      ),
    check: (_, { world }) => world.origin.seen.every(({ url }) => url !== "/smuggled"),
  },
  {
    name: "a transfer coding that nobody knows",
    ends: "refused by the runtime",
    send: (siege) =>
      sendLines(siege, [host, bearer(siege), "Transfer-Encoding: xchunked"], "POST / HTTP/1.1"),
  },
  {
    name: "TRACE, which would show the assertion",
    ends: "method_not_allowed",
    send: (siege) => sendLines(siege, [host, bearer(siege)], "TRACE /attacked HTTP/1.1"),
  },
  {
    name: "CONNECT to another host",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [host, bearer(siege)], "CONNECT evil.example:443 HTTP/1.1"),
  },
];

const TARGETS: readonly GatewayAttack[] = [
  {
    name: "OPTIONS *",
    ends: "request_target_refused",
    send: (siege) => sendLines(siege, [host, bearer(siege)], "OPTIONS * HTTP/1.1"),
  },
  ...["@evil.example/", ".evil.example/", ":81/", "?x", "evil.example/"].map(
    (target): GatewayAttack => ({
      name: `the request-target ${target}`,
      ends: "refused by the runtime",
      send: (siege) => sendLines(siege, [host, bearer(siege)], `GET ${target} HTTP/1.1`),
    }),
  ),
  ...[
    "//evil.example/",
    "/\\evil.example/",
    "/%2F..%2Fevil",
    "/..;/admin",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/a/../../b",
    "/.%00/x",
    "/x%0d%0aX-Evil:1",
  ].map(
    (path): GatewayAttack => ({
      name: `the path ${path}`,
      ends: "passes",
      send: (siege) => sendLines(siege, [host, bearer(siege)], `GET ${path} HTTP/1.1`),
      check: (seen) => seen.url.startsWith("/") && valuesOf(seen, "x-evil").length === 0,
    }),
  ),
  {
    name: "an absolute URL of another host",
    ends: "passes",
    send: (siege) => sendLines(siege, [host, bearer(siege)], "GET http://evil.example/attacked HTTP/1.1"),
    check: (seen) => seen.url === "/attacked",
  },
  {
    name: "an absolute URL of another application, with that one's Host",
    ends: "caller_token_refused",
    send: (siege) => sendLines(siege, [`Host: ${OTHER_HOST}`, bearer(siege)], `GET http://${HOST}/ HTTP/1.1`),
  },
  {
    name: "two Hosts",
    ends: "request_target_refused",
    send: (siege) => sendLines(siege, [host, "Host: evil.example", bearer(siege)]),
  },
  {
    name: "a Host with a path",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: ${HOST}/x`, bearer(siege)]),
  },
  {
    name: "a Host with a name before it",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: x@${HOST}`, bearer(siege)]),
  },
  {
    name: "a Host with a dot at its end",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: ${HOST}.`, bearer(siege)]),
  },
  {
    name: "a Host with another port",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: ${HOST}:8443`, bearer(siege)]),
  },
  {
    name: "a Host that ends like the application's",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: evil-${HOST}`, bearer(siege)]),
  },
  {
    name: "X-Forwarded-Host and X-Original-Host of the other application",
    ends: "caller_token_refused",
    send: (siege) =>
      sendLines(siege, [
        `Host: ${OTHER_HOST}`,
        `X-Forwarded-Host: ${HOST}`,
        `X-Original-Host: ${HOST}`,
        `X-Host: ${HOST}`,
        bearer(siege),
      ]),
  },
];

/** Rows whose request has these headers and no honest token beside them. */
function withoutToken(
  ends: DenialCode,
  rows: Readonly<Record<string, (siege: Siege) => Readonly<Record<string, string | string[]>>>>,
  path = "/attacked",
): GatewayAttack[] {
  return Object.entries(rows).map(([name, headers]) => ({
    name,
    ends,
    send: (siege) => outcome(siege, siege.world.send(HOST, path, { headers: headers(siege) })),
  }));
}

const CALLERS: readonly GatewayAttack[] = [
  ...withoutToken("caller_token_missing", {
    "no token": () => ({}),
    "a token in a cookie": ({ svid }) => ({ cookie: `access_token=${svid}; CF_Authorization=${svid}` }),
    "a token in X-Forwarded-Access-Token": ({ svid }) => ({ "x-forwarded-access-token": svid }),
    "a token in Proxy-Authorization": ({ svid }) => ({ "proxy-authorization": `Bearer ${svid}` }),
    "a token in the assertion header": ({ svid }) => ({ [ASSERTION_HEADER]: svid }),
    "a token as the password of Basic": ({ svid }) => ({
      authorization: `Basic ${Buffer.from(`x:${svid}`).toString("base64")}`,
    }),
    "a token without its scheme": ({ svid }) => ({ authorization: svid }),
    "a token under DPoP": ({ svid }) => ({ authorization: `DPoP ${svid}` }),
    "a health checker's User-Agent": () => ({ "user-agent": "kube-probe/1.30" }),
    "a preflight's headers": () => ({
      origin: "https://evil.example",
      "access-control-request-method": "GET",
    }),
    "a WebSocket upgrade without a token": () => ({
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }),
    "a WebSocket upgrade with the token as a protocol": ({ svid }) => ({
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": `bearer, ${svid}`,
    }),
  }),
  {
    name: "a token in the query string",
    ends: "caller_token_missing",
    send: (siege) => outcome(siege, siege.world.send(HOST, `/attacked?access_token=${siege.svid}`)),
  },
  {
    name: "a path that is public elsewhere",
    ends: "caller_token_missing",
    send: (siege) => outcome(siege, siege.world.send(HOST, "/.well-known/openid-configuration")),
  },
  {
    name: "the exchange's own endpoint at the application's host",
    ends: "caller_token_missing",
    send: (siege) =>
      outcome(siege, siege.world.send(HOST, "/token", { method: "POST", body: "grant_type=x" })),
  },
  ...withoutToken("caller_token_refused", {
    "two Authorization headers joined by a comma": ({ svid }) => ({
      authorization: `Bearer ${svid}, Bearer ${svid}`,
    }),
    "Bearer without a token": () => ({ authorization: "Bearer" }),
    "a token that is cut": ({ svid }) => ({ authorization: `Bearer ${svid.slice(0, -1)}` }),
    "a token with a blank in it": ({ svid }) => ({
      authorization: `Bearer ${svid.slice(0, 50)} ${svid.slice(50)}`,
    }),
    "a token in quotes": ({ svid }) => ({ authorization: `Bearer "${svid}"` }),
    "a token of 20 KB": () => ({ authorization: `Bearer ${"a".repeat(20_000)}` }),
    "an SVID of another application": ({ otherSvid }) => ({ authorization: `Bearer ${otherSvid}` }),
    "the claims of one SVID under the signature of another": ({ svid, otherSvid }) => {
      const [header, , signature] = svid.split(".");
      return { authorization: `Bearer ${header}.${otherSvid.split(".")[1]}.${signature}` };
    },
    "an SVID whose signature is zeros": ({ svid }) => ({
      authorization: `Bearer ${svid.split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`,
    }),
    "an SVID whose signature is too short": ({ svid }) => ({
      authorization: `Bearer ${svid.split(".").slice(0, 2).join(".")}.AAAA`,
    }),
    "a token without a signature": ({ svid }) => ({
      authorization: `Bearer ${svid.split(".").slice(0, 2).join(".")}.`,
    }),
    "alg none": ({ svid }) => ({
      authorization: `Bearer ${encoded({ alg: "none", typ: "JWT" })}.${svid.split(".")[1]}.AA`,
    }),
    "an SVID of a foreign trust domain, signed by its own key": () => ({
      authorization: `Bearer ${encoded({ alg: "ES256", kid: "k", typ: "JWT" })}.${encoded({
        iss: "https://svid.evil.example",
        sub: "spiffe://evil.example/x",
        aud: `https://${HOST}`,
        exp: 4_000_000_000,
      })}.${"A".repeat(86)}`,
    }),
    "our kid under a foreign signature": ({ svid }) => ({
      authorization: `Bearer ${svid.split(".")[0]}.${encoded({
        iss: "https://svid.example.org",
        sub: `spiffe://${TRUST_DOMAIN}/ci/root`,
        aud: `https://${HOST}`,
        exp: 4_000_000_000,
      })}.${"A".repeat(86)}`,
    }),
  }),
  {
    name: "two Authorization header lines",
    ends: "caller_token_refused",
    send: (siege) => sendLines(siege, [host, bearer(siege), bearer(siege)]),
  },
  {
    name: "an honest line after a forged one",
    ends: "caller_token_refused",
    send: (siege) => sendLines(siege, [host, "Authorization: Bearer x.y.z", bearer(siege)]),
  },
  {
    name: "Authorization spelled with an underscore, beside none",
    ends: "caller_token_missing",
    send: (siege) => sendLines(siege, [host, `Author_ization: Bearer ${siege.svid}`]),
  },
  {
    name: "the CI's ID token where only SVIDs are accepted",
    ends: "caller_token_refused",
    send: async (siege) => {
      const token = await siege.world.ci.token(`https://${HOST}`);
      return outcome(siege, siege.world.send(HOST, "/attacked", { token }));
    },
  },
  {
    name: "the assertion sent back as a caller's token",
    ends: "caller_token_refused",
    send: async (siege) => {
      const token = await assertionOf(siege);
      return outcome(siege, siege.world.send(HOST, "/attacked", { token }));
    },
  },
  {
    name: "the assertion sent to another application",
    ends: "caller_token_refused",
    send: async (siege) => {
      const token = await assertionOf(siege);
      return outcome(siege, siege.world.send(OTHER_HOST, "/attacked", { token }));
    },
  },
  {
    name: "a loop through the gateway",
    ends: "caller_token_refused",
    send: async (siege) => {
      const token = await siege.world.svid(`https://${LOOP_HOST}`);
      return outcome(siege, siege.world.send(LOOP_HOST, "/attacked", { token }));
    },
  },
];

/** Claims that a job chooses, and that reach headers of the application. */
const VALUES = Object.entries({
  "a line break": "pay\r\nX-Admin: 1",
  "a lone LF": "pay\nments",
  "a null byte": "pay\0ments",
  "letters that are not Latin-1": "плата",
  "a letter of Latin-1": "café",
  "a comma": "payments, admins",
  "a blank at its beginning": " payments",
  "an emoji": "💥",
  "4,050 letters": "a".repeat(4_050),
}).map(
  ([name, team]): GatewayAttack => ({
    name: `a claim with ${name} in a header of rewrite`,
    ends: "assertion_refused",
    send: async (siege) => {
      const token = await siege.world.svid(`https://${HOST}`, { team });
      return outcome(siege, siege.world.send(HOST, "/attacked", { token }));
    },
  }),
);

/** What the origin got as the assertion of an honest request. */
async function assertionOf({ world, svid }: Siege): Promise<string> {
  await world.send(HOST, "/honest", { token: svid });
  return valuesOf(world.origin.last(), ASSERTION_HEADER)[0] ?? "";
}

function encoded(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}

export const GATEWAY_ATTACKS: Readonly<Record<string, readonly GatewayAttack[]>> = {
  "reserved headers in every spelling": RESERVED,
  "headers that gateways assert, or that are for one connection": OTHERS,
  smuggling: SMUGGLED,
  "hosts and targets": TARGETS,
  callers: CALLERS,
  "rendered values": VALUES,
};

import type { DenialCode } from "../../../shared/denial.ts";
import { TRUST_DOMAIN } from "../../stage/applications.ts";
import { valuesOf } from "../../stage/origin.ts";
import {
  ASSERTION_HEADER,
  bearer,
  type GatewayAttack,
  HOST,
  HOST_LINE,
  LOOP_HOST,
  OTHER_HOST,
  outcome,
  type Siege,
  sendLines,
} from "./siege.ts";

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

export const CALLERS: readonly GatewayAttack[] = [
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
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege), bearer(siege)]),
  },
  {
    name: "an honest line after a forged one",
    ends: "caller_token_refused",
    send: (siege) => sendLines(siege, [HOST_LINE, "Authorization: Bearer x.y.z", bearer(siege)]),
  },
  {
    name: "Authorization spelled with an underscore, beside none",
    ends: "caller_token_missing",
    send: (siege) => sendLines(siege, [HOST_LINE, `Author_ization: Bearer ${siege.svid}`]),
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

/** What the origin got as the assertion of an honest request. */
async function assertionOf({ world, svid }: Siege): Promise<string> {
  await world.send(HOST, "/honest", { token: svid });
  return valuesOf(world.origin.last(), ASSERTION_HEADER)[0] ?? "";
}

function encoded(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}

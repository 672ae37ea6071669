import type { DenialCode } from "../../shared/denial.ts";
import { exchangeForm, GRANT_TYPE } from "../../shared/wire.ts";
import type { Arena, Sent } from "./arena.ts";
import type { Attack } from "./attack.ts";
import { ciToken, VAULT } from "./issuers.ts";

const FORM = "application/x-www-form-urlencoded";

/** The usual form around a good token, edited. */
function edited(edit: (form: URLSearchParams) => void): Attack["send"] {
  return async (arena) => {
    const token = ciToken();
    arena.secrets.push(token);
    const form = exchangeForm({ subjectToken: token, audience: VAULT });
    edit(form);
    return arena.post(form.toString());
  };
}

/** The usual form around a good token, as a request of another kind. */
function request(make: (form: string, arena: Arena) => RequestInit & { path?: string }): Attack["send"] {
  return async (arena) => {
    const token = ciToken();
    arena.secrets.push(token);
    const { path = "/token", ...init } = make(
      exchangeForm({ subjectToken: token, audience: VAULT }).toString(),
      arena,
    );
    return arena.request(path, { method: "POST", ...init });
  };
}

const typed = (type: string) => request((body) => ({ body, headers: { "content-type": type } }));
const withHeader = (name: string, value: string) =>
  request((body) => ({ body, headers: { "content-type": FORM, [name]: value } }));
const raw = (body: string | Uint8Array<ArrayBuffer>) =>
  request(() => ({ body, headers: { "content-type": FORM } }));

function rows(ends: DenialCode, sends: Readonly<Record<string, Attack["send"]>>): Attack[] {
  return Object.entries(sends).map(([name, send]) => ({ name, ends, send }));
}

const method = (name: string) =>
  request((body) => (name === "GET" || name === "HEAD" ? { method: name } : { method: name, body }));

/** `HEAD` has no body, so its code is told by its status. */
const head: Attack["send"] = async (arena) => {
  const sent: Sent = await arena.request("/token", { method: "HEAD" });
  return { ...sent, code: sent.status === 405 ? "method_not_allowed" : sent.code };
};

export const REQUEST_ATTACKS: readonly Attack[] = [
  ...rows("method_not_allowed", {
    GET: method("GET"),
    HEAD: head,
    PUT: method("PUT"),
    PATCH: method("PATCH"),
    DELETE: method("DELETE"),
    OPTIONS: method("OPTIONS"),
    "X-HTTP-Method-Override changes nothing": request(() => ({
      method: "GET",
      headers: { "x-http-method-override": "POST" },
    })),
  }),
  ...rows("content_type_refused", {
    JSON: request((_, arena) => {
      const token = ciToken();
      arena.secrets.push(token);
      return {
        body: JSON.stringify({ subject_token: token }),
        headers: { "content-type": "application/json" },
      };
    }),
    "a list of types": typed(`application/json, ${FORM}`),
    "a list of types, ours first": typed(`${FORM}, application/json`),
    "text/plain, which needs no preflight": typed("text/plain"),
    multipart: typed("multipart/form-data; boundary=x"),
    "a type that begins alike": typed(`${FORM}x`),
    "a type in quotes": typed(`"${FORM}"`),
    "an empty type": typed(""),
    "our type as a parameter": typed(`text/plain; x=${FORM}`),
  }),
  ...rows("parameter_in_query", {
    "the form in the query": request((body) => ({
      path: `/token?${body}`,
      headers: { "content-type": FORM },
    })),
    "a part of it in the query": request((body) => ({
      path: "/token?policy=x",
      body,
      headers: { "content-type": FORM },
    })),
  }),
  ...rows("proof_of_possession_unsupported", { "a DPoP header": withHeader("dpop", "eyJ.e30.AA") }),
  ...rows("client_authentication_unsupported", {
    "Basic credentials": withHeader("authorization", "Basic Y2k6cGFzc3dvcmQ="),
    "the token as a bearer": withHeader("authorization", "Bearer x.y.z"),
    "a client secret": edited((form) => form.set("client_secret", "hunter2")),
    "a client assertion": edited((form) => form.set("client_assertion", "x.y.z")),
  }),
  ...rows("parameter_missing", {
    "an empty form": raw(""),
    "no grant_type": edited((form) => form.delete("grant_type")),
    "no subject_token": edited((form) => form.delete("subject_token")),
    "an empty subject_token": edited((form) => form.set("subject_token", "")),
    "no subject_token_type": edited((form) => form.delete("subject_token_type")),
    "subject_token as a list": edited((form) => {
      form.set("subject_token[]", form.get("subject_token") ?? "");
      form.delete("subject_token");
    }),
    "subject_token in another case": edited((form) => {
      form.set("Subject_Token", form.get("subject_token") ?? "");
      form.delete("subject_token");
    }),
    "separators that are semicolons": raw(`x=1;grant_type=${encodeURIComponent(GRANT_TYPE)}`),
  }),
  ...rows("parameter_duplicated", {
    "subject_token twice": edited((form) => form.append("subject_token", "x.y.z")),
    "grant_type twice": edited((form) => form.append("grant_type", GRANT_TYPE)),
    "policy twice": edited((form) => ["a", "b"].forEach((policy) => void form.append("policy", policy))),
    "dry_run twice": edited((form) =>
      ["true", "false"].forEach((value) => void form.append("dry_run", value)),
    ),
    "subject_token twice, once escaped": request((body) => ({
      body: `${body}&subject%5Ftoken=x.y.z`,
      headers: { "content-type": FORM },
    })),
  }),
  ...rows("grant_type_unsupported", {
    client_credentials: edited((form) => form.set("grant_type", "client_credentials")),
    "the right one in capitals": edited((form) => form.set("grant_type", GRANT_TYPE.toUpperCase())),
  }),
  ...rows("subject_token_type_unsupported", {
    "an access token": edited((form) =>
      form.set("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
    ),
    SAML: edited((form) => form.set("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")),
  }),
  ...rows("requested_token_type_unsupported", {
    "a refresh token": edited((form) =>
      form.set("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token"),
    ),
  }),
  ...rows("actor_token_unsupported", {
    "an actor": edited((form) => form.set("actor_token", "x.y.z")),
    "an actor's type alone": edited((form) =>
      form.set("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"),
    ),
  }),
  ...rows("scope_unsupported", { "a scope": edited((form) => form.set("scope", "openid admin")) }),
  ...rows("audience_multiple", {
    "two audiences": edited((form) => form.append("audience", "https://other.example")),
    "an audience and a resource": edited((form) => form.append("resource", "https://other.example")),
  }),
  ...rows("audience_refused", {
    "an audience that no policy lists": edited((form) => form.set("audience", "https://other.example")),
    "our own audience": edited((form) => form.set("audience", "https://svid.example.org")),
    "an audience with a slash more": edited((form) => form.set("audience", `${VAULT}/`)),
    "an audience in capitals": edited((form) => form.set("audience", VAULT.toUpperCase())),
    "an audience of 8 KiB": edited((form) => form.set("audience", "a".repeat(8_192))),
  }),
  ...rows("parameter_invalid", {
    "a resource that is no address": edited((form) => form.set("resource", "vault")),
    "a resource with a fragment": edited((form) => form.set("resource", `${VAULT}#x`)),
    "dry_run as 1": edited((form) => form.set("dry_run", "1")),
  }),
  ...rows("policy_unknown", {
    "a policy of nobody": edited((form) => form.set("policy", "admin")),
    "a policy of another issuer": edited((form) => form.set("policy", "github-deploy")),
    "a policy named like a method": edited((form) => form.set("policy", "constructor")),
    "a policy __proto__": edited((form) => form.set("policy", "__proto__")),
  }),
  ...rows("body_malformed", {
    "bytes that are no UTF-8": raw(new Uint8Array([0x61, 0x3d, 0xff])),
    "escapes that are no UTF-8": raw("subject_token=%ff%fe"),
    "an escape that is cut": raw("subject_token=%4"),
    "an escape that is none": raw("subject_token=%zz"),
    "a surrogate in escapes": raw("subject_token=%ED%A0%80"),
  }),
  ...rows("body_too_large", {
    "a megabyte of dots": edited((form) => form.set("subject_token", ".".repeat(1024 * 1024))),
    "a megabyte of escapes": raw(`x=${"%41".repeat(350_000)}`),
    "a hundred thousand parameters": raw("a&".repeat(100_000)),
    "a byte more than the limit": raw(`x=${"y".repeat(32 * 1024 - 1)}`),
    "a stream of unknown length": request(() => ({
      body: new ReadableStream({
        start(controller) {
          for (let i = 0; i < 64; i++) controller.enqueue(new Uint8Array(1024).fill(0x61));
          controller.close();
        },
      }) as never,
      duplex: "half",
      headers: { "content-type": FORM },
    })),
  }),
  ...rows("not_found", {
    "the token endpoint in capitals": request((body) => ({
      path: "/TOKEN",
      body,
      headers: { "content-type": FORM },
    })),
    "two slashes": request((body) => ({ path: "//token", body, headers: { "content-type": FORM } })),
    "a path into KV": request(() => ({ path: "/ring", method: "GET" })),
    "an admin's path": request((body) => ({ path: "/admin/keys", body, headers: { "content-type": FORM } })),
  }),
];

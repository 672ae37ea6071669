import { now } from "../../local/clock.ts";
import { OUR_ISSUER } from "../../local/trust-document.ts";
import type { DenialCode } from "../../shared/denial.ts";
import type { Arena } from "./arena.ts";
import { type Attack, tokens } from "./attack.ts";
import { ciToken, TWIN } from "./issuers.ts";

/** One value of each JSON type, and the odd ones of each; `undefined` is an absent claim. */
const TYPES = {
  absent: undefined,
  null: null,
  true: true,
  false: false,
  zero: 0,
  "a number": 7,
  "a fraction": 1.5,
  "a negative number": -7,
  "a huge number": 1e300,
  "an empty string": "",
  "an empty list": [],
  "a list": ["x"],
  "a list of lists": [["x"]],
  "an empty object": {},
  "an object": { x: 1 },
} as const;
type TypeName = keyof typeof TYPES;

/** Which code each type of a claim ends with: `rest`, but for those that are named. */
type Endings = Partial<Record<TypeName, DenialCode | "allowed">> & { readonly rest: DenialCode };

const missing = "token_claim_missing";
const invalid = "token_claim_invalid";
const text: Endings = { absent: missing, null: missing, "an empty string": missing, rest: invalid };
const date = (number: DenialCode, zero: DenialCode): Endings => ({
  absent: missing,
  zero,
  "a number": number,
  rest: invalid,
});

const REGISTERED: Readonly<Record<string, Endings>> = {
  iss: { absent: missing, "an empty string": "issuer_not_allowed", rest: invalid },
  sub: text,
  jti: text,
  aud: {
    absent: missing,
    "an empty string": "token_audience_mismatch",
    "an empty list": "token_audience_mismatch",
    "a list": "token_audience_mismatch",
    rest: invalid,
  },
  exp: date(invalid, invalid),
  iat: date("token_lifetime_exceeded", "token_lifetime_exceeded"),
  nbf: { absent: "allowed", zero: "allowed", "a number": "allowed", rest: invalid },
  cnf: { absent: "allowed", rest: "proof_of_possession_unsupported" },
};

const denied = "policy_denied";
/** The claims of a GitHub token that its type requires, or that the policy or its template use. */
const MAPPED: Readonly<Record<string, Endings>> = {
  repository_id: text,
  repository_owner_id: text,
  workflow_ref: text,
  job_workflow_ref: text,
  event_name: text,
  run_id: text,
  environment: { rest: denied },
  ref: { rest: denied },
  ref_type: { rest: denied },
  // Only the template uses it: a whole number has one canonical text, which is a path segment.
  repository: {
    zero: "allowed",
    "a number": "allowed",
    true: "allowed",
    false: "allowed",
    "a negative number": "allowed",
    rest: "identity_refused",
  },
};

const MAPPED_GITLAB: Readonly<Record<string, Endings>> = {
  project_id: text,
  namespace_id: text,
  job_id: text,
  pipeline_id: text,
  ref_path: text,
  ref_protected: text,
  environment: { rest: denied },
  // GitLab writes "true"; a boolean has the same canonical text.
  environment_protected: { true: "allowed", rest: denied },
};

function typeRows(
  claims: Readonly<Record<string, Endings>>,
  send: (claims: object) => Attack["send"],
  whose = "",
): Attack[] {
  return Object.entries(claims).flatMap(([claim, endings]) =>
    Object.entries(TYPES).flatMap(([type, value]): Attack[] => {
      const ends = endings[type as TypeName] ?? endings.rest;
      if (ends === "allowed") return [];
      return [{ name: `${whose}${claim}: ${type}`, ends, send: send({ [claim]: value }) }];
    }),
  );
}

const dates = (claims: (at: number) => object) => () => ciToken({}, { ...claims(now()) });

export const CLAIM_ATTACKS: readonly Attack[] = [
  ...typeRows(REGISTERED, (claims) => (arena) => arena.send(ciToken({}, { ...claims }))),
  ...typeRows(
    MAPPED,
    (claims) => async (arena) => arena.send(await arena.lab.github.token(OUR_ISSUER, now(), { ...claims })),
  ),
  ...typeRows(
    MAPPED_GITLAB,
    (claims) => async (arena) => arena.send(await arena.lab.gitlab.token(OUR_ISSUER, now(), { ...claims })),
    "GitLab's ",
  ),
  ...tokens("token_claim_invalid", {
    "exp as a string": dates((at) => ({ exp: String(at + 300) })),
    "exp as a date": dates(() => ({ exp: "2030-01-01T00:00:00Z" })),
    "exp in milliseconds as a string": dates((at) => ({ exp: `${at}000` })),
    "exp that is no safe integer": dates(() => ({ exp: 2 ** 53 })),
    "exp with a fraction": dates((at) => ({ exp: at + 300.5 })),
    "exp at iat": dates((at) => ({ exp: at })),
    "exp before iat": dates((at) => ({ iat: at, exp: at - 1 })),
    "iat as a string": dates((at) => ({ iat: String(at) })),
    "nbf as a string": dates((at) => ({ nbf: String(at) })),
  }),
  ...tokens("token_expired", {
    "expired a minute and a second ago": dates((at) => ({ iat: at - 361, exp: at - 61 })),
    "expired a year ago": dates((at) => ({ iat: at - 31_536_300, exp: at - 31_536_000 })),
  }),
  ...tokens("token_lifetime_exceeded", {
    "valid for ever": dates(() => ({ exp: Number.MAX_SAFE_INTEGER })),
    "exp in milliseconds": dates((at) => ({ exp: (at + 300) * 1_000 })),
    "valid for an hour and a second": dates((at) => ({ exp: at + 3_601 })),
    "issued in 1970": dates((at) => ({ iat: 0, exp: at + 300 })),
  }),
  ...tokens("token_not_yet_valid", {
    "issued in two minutes": dates((at) => ({ iat: at + 120, exp: at + 300 })),
    "valid in two minutes": dates((at) => ({ nbf: at + 120 })),
    "issued in milliseconds": dates((at) => ({ iat: at * 1_000, exp: at * 1_000 + 300 })),
  }),
  ...tokens("token_claim_missing", {
    "a login token of GitLab, well signed": async ({ lab }) => {
      const at = now();
      const claims = {
        iss: lab.gitlab.issuer,
        sub: "18422017",
        aud: OUR_ISSUER,
        iat: at,
        exp: at + 120,
        jti: "l",
      };
      return lab.gitlab.loginKey.sign({ ...claims, nonce: "n", auth_time: at });
    },
    "sub behind __proto__": () => ciToken({}, `{"__proto__":{"sub":"job:release"},${claimsWithoutSub()}}`),
  }),
  ...tokens("guard_refused", {
    pull_request_target: async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { event_name: "pull_request_target" }),
    workflow_run: async ({ lab }) => lab.github.token(OUR_ISSUER, now(), { event_name: "workflow_run" }),
    ...Object.fromEntries(
      ["issue_comment", "issues", "discussion", "fork", "watch", "gollum", "check_suite", "star"].map(
        (event) => [
          event,
          async ({ lab }: Arena) => lab.github.token(OUR_ISSUER, now(), { event_name: event }),
        ],
      ),
    ),
  }),
  ...tokens("policy_denied", {
    "a GitLab merge request from a fork": async ({ lab }) =>
      lab.gitlab.token(OUR_ISSUER, now(), { project_id: "1", project_path: "mallory/billing" }),
    "another repository of the owner": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository_id: "1" }),
    "the same names with another owner": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository_owner_id: "1" }),
    "an id as its own prefix": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository_id: "13422055170" }),
    "an id with white space": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository_id: "1342205517 " }),
    "an environment in another case": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { environment: "Production" }),
    "a tag instead of a branch": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { ref: "refs/tags/main", ref_type: "tag" }),
    "another issuer's subject": () => ciToken({}, { sub: "job:release\u0000" }),
  }),
  ...tokens("identity_refused", {
    "a repository that climbs": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository: "brightfen/../../admin" }),
    "a repository with an empty segment": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository: "brightfen//x" }),
    "a repository with a query": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository: "brightfen/x?y" }),
    "a repository that is a SPIFFE ID": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository: "spiffe://ci.example.org/x" }),
    "a repository with percent-encoding": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository: "brightfen/%2e%2e" }),
    "a repository with look-alike letters": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository: "brightfеn/orders-api" }),
    "a repository of 3 KiB": async ({ lab }) =>
      lab.github.token(OUR_ISSUER, now(), { repository: `brightfen/${"x".repeat(3_000)}` }),
  }),
  ...tokens("token_replayed", {
    "a token that was used": async (arena) => {
      const token = await arena.lab.github.token(OUR_ISSUER, now());
      await arena.send(token);
      return token;
    },
    "the jti of another token": async (arena) => {
      await arena.send(ciToken({}, { jti: "one-name" }));
      return ciToken({}, { jti: "one-name", extra: true });
    },
  }),
  ...tokens("issuer_not_allowed", {
    "our own SVID": async (arena) => String((await arena.legitimate()).body["access_token"]),
    "our own SVID, re-addressed": () => ciToken({}, { iss: OUR_ISSUER, sub: "spiffe://ci.example.org/x" }),
  }),
  ...tokens("signature_invalid", {
    "one issuer's token in another's name": () => ciToken({}, { iss: TWIN }),
  }),
];

function claimsWithoutSub(): string {
  const at = now();
  return `"iss":"https://ci.example","aud":"${OUR_ISSUER}","iat":${at},"exp":${at + 300},"jti":"p"`;
}

import { constants, sign as signBytes } from "node:crypto";
import {
  AUDIENCE,
  compact,
  ecKey,
  encode,
  goodHeader,
  hmac,
  NOW,
  publicJwk,
  rsaKey,
  signingInput,
} from "../shared/subject-token/craft.ts";
import { claimsOf, KID, type Row, withClaims, withHeader } from "./row.ts";

const header = { ...goodHeader, kid: KID };
const good = withHeader({});
const changed =
  (change: (parts: readonly [string, string, string], token: string) => string): Row["token"] =>
  (issuer) => {
    const token = good(issuer);
    const [first = "", second = "", third = ""] = token.split(".");
    return change([first, second, third], token);
  };
const signedBy =
  (alg: string, sign: (input: Buffer) => Buffer): Row["token"] =>
  (issuer) =>
    compact({ ...header, alg }, claimsOf(issuer), sign);
const pss = { key: rsaKey.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/** Rows of one verdict. */
const rowsOf = (verdict: Row["verdict"], rows: readonly Omit<Row, "verdict">[]): readonly Row[] =>
  rows.map((row) => ({ ...row, verdict }));

const HEADERS: readonly Row[] = [
  { it: "a good token", verdict: "good", token: good },
  { it: "no typ", verdict: "good", token: withHeader({ typ: undefined }) },
  { it: "typ application/JWT", verdict: "good", token: withHeader({ typ: "application/JWT" }) },
  { it: "an unknown header parameter and x5t", verdict: "good", token: withHeader({ x5t: "AA", other: {} }) },
  ...["at+jwt", "JOSE", "", 1].map(
    (typ): Row => ({
      it: `typ ${JSON.stringify(typ)}`,
      verdict: "token_header_refused",
      token: withHeader({ typ }),
    }),
  ),
  ...Object.entries({
    jku: "https://evil.example/keys",
    jwk: publicJwk(rsaKey),
    x5u: "https://evil.example/cert",
    x5c: [],
    crit: ["exp"],
    b64: false,
    cty: "JWT",
    zip: "DEF",
    enc: "A256GCM",
  }).map(
    ([name, value]): Row => ({
      it: `the header parameter ${name}`,
      verdict: "token_header_refused",
      token: withHeader({ [name]: value }),
    }),
  ),
  ...[undefined, 1, "", "x".repeat(257), "a\nb", "ключ"].map(
    (kid): Row => ({
      it: `kid ${JSON.stringify(kid)?.slice(0, 20)}`,
      verdict: "token_header_refused",
      token: withHeader({ kid }),
    }),
  ),
  { it: "a kid that nobody publishes", verdict: "signing_key_unknown", token: withHeader({ kid: "k2" }) },
  { it: "no alg", verdict: "token_header_refused", token: withHeader({ alg: undefined }) },
  { it: "alg as a list", verdict: "token_header_refused", token: withHeader({ alg: ["RS256"] }) },
  ...["none", "rs256", "RS512", "PS256", "ES256", "constructor"].map(
    (alg): Row => ({ it: `alg ${alg}`, verdict: "token_algorithm_refused", token: withHeader({ alg }) }),
  ),
  {
    it: "HS256 with the public key as its secret",
    verdict: "token_algorithm_refused",
    token: signedBy("HS256", hmac(rsaKey.publicKey.export({ type: "spki", format: "pem" }))),
  },
];

const raw =
  (headerText: string | Uint8Array, claimsText?: string): Row["token"] =>
  (issuer) =>
    `${encode(headerText)}.${encode(claimsText ?? JSON.stringify(claimsOf(issuer)))}.AA`;
const rawClaims =
  (text: (claims: string) => string): Row["token"] =>
  (issuer) =>
    compact(header, text(JSON.stringify(claimsOf(issuer))));
const more = (members: string) => rawClaims((claims) => claims.replace(/}$/, `,${members}}`));

const ENCODINGS: readonly Row[] = rowsOf("token_malformed", [
  { it: "no dots", token: () => "abc" },
  { it: "two parts", token: changed(([first, second]) => `${first}.${second}`) },
  { it: "four parts", token: changed((_, token) => `${token}.AA`) },
  { it: "an empty signature", token: changed(([first, second]) => `${first}.${second}.`) },
  { it: "the five parts of a JWE", token: changed(([first]) => `${first}.AA.AA.AA.AA`) },
  {
    it: "the JSON serialisation",
    token: changed(([first, second, third]) =>
      JSON.stringify({ protected: first, payload: second, signature: third }),
    ),
  },
  { it: "a Bearer prefix", token: changed((_, token) => `Bearer ${token}`) },
  { it: "padding", token: changed(([first, second, third]) => `${first}.${second}.${third}==`) },
  {
    it: "the standard alphabet",
    token: changed(([first, second, third]) => `${first}.${second}.+${third.slice(1)}`),
  },
  {
    it: "bits left over",
    token: changed(([first, second, third]) => `${first}.${second}.${third.slice(0, -1)}B`),
  },
  {
    it: "a line break in the middle",
    token: changed(([first, second, third]) => `${first}.\n${second}.${third}`),
  },
  { it: "alg twice", token: raw('{"alg":"RS256","kid":"k1","alg":"none"}') },
  { it: "a header with a byte order mark", token: raw(`\ufeff${JSON.stringify(header)}`) },
  { it: "a header that is not UTF-8", token: raw(new Uint8Array([0x7b, 0xff, 0x7d])) },
  { it: "a header that is a list", token: raw("[]") },
  { it: "a header of 2 KiB", token: withHeader({ other: "x".repeat(2_000) }) },
  { it: "claims that are text", token: raw(JSON.stringify(header), '"claims"') },
  { it: "sub twice", token: more('"sub":"job:2"') },
  { it: "sub twice, once escaped", token: more('"\\u0073ub":"job:2"') },
  { it: "claims that nest 17 levels", token: more(`"x":${"[".repeat(16)}${"]".repeat(16)}`) },
  { it: "513 members", token: more(Array.from({ length: 506 }, (_, i) => `"m${i}":1`).join(",")) },
  { it: "half a surrogate pair", token: more('"x":"\\ud800"') },
  { it: "a number beyond a double", token: more('"x":1e400') },
]);

const CLAIMS: readonly Row[] = [
  {
    it: "claims that nest 16 levels",
    verdict: "good",
    token: more(`"x":${"[".repeat(15)}${"]".repeat(15)}`),
  },
  {
    it: "iss of a stranger",
    verdict: "issuer_not_allowed",
    token: withClaims({ iss: "https://evil.example" }),
  },
  {
    it: "iss with a slash",
    verdict: "issuer_not_allowed",
    token: (issuer) => withClaims({ iss: `${issuer}/` })(issuer),
  },
  { it: "no iss", verdict: "token_claim_missing", token: withClaims({ iss: undefined }) },
  { it: "iss as a number", verdict: "token_claim_invalid", token: withClaims({ iss: 1 }) },
  { it: "no sub", verdict: "token_claim_missing", token: withClaims({ sub: undefined }) },
  { it: "an empty sub", verdict: "token_claim_missing", token: withClaims({ sub: "" }) },
  { it: "sub as a number", verdict: "token_claim_invalid", token: withClaims({ sub: 1 }) },
  { it: "no aud", verdict: "token_claim_missing", token: withClaims({ aud: undefined }) },
  { it: "aud as a number", verdict: "token_claim_invalid", token: withClaims({ aud: 1 }) },
  { it: "aud as a list of ours", verdict: "good", token: withClaims({ aud: [AUDIENCE] }) },
  {
    it: "ours among others",
    verdict: "token_audience_mismatch",
    token: withClaims({ aud: [AUDIENCE, "x"] }),
  },
  { it: "ours with a slash", verdict: "token_audience_mismatch", token: withClaims({ aud: `${AUDIENCE}/` }) },
  { it: "no exp", verdict: "token_claim_missing", token: withClaims({ exp: undefined }) },
  { it: "exp as text", verdict: "token_claim_invalid", token: withClaims({ exp: `${NOW + 300}` }) },
  { it: "exp with a fraction", verdict: "token_claim_invalid", token: withClaims({ exp: NOW + 0.5 }) },
  { it: "exp before iat", verdict: "token_claim_invalid", token: withClaims({ exp: NOW - 1 }) },
  { it: "no iat", verdict: "token_claim_missing", token: withClaims({ iat: undefined }) },
  { it: "iat 60 s ahead", verdict: "good", token: withClaims({ iat: NOW + 60 }) },
  { it: "iat 61 s ahead", verdict: "token_not_yet_valid", token: withClaims({ iat: NOW + 61 }) },
  { it: "nbf 60 s ahead", verdict: "good", token: withClaims({ nbf: NOW + 60 }) },
  { it: "nbf 61 s ahead", verdict: "token_not_yet_valid", token: withClaims({ nbf: NOW + 61 }) },
  { it: "nbf as text", verdict: "token_claim_invalid", token: withClaims({ nbf: "0" }) },
  { it: "exp 59 s past", verdict: "good", token: withClaims({ iat: NOW - 300, exp: NOW - 59 }) },
  { it: "exp 60 s past", verdict: "token_expired", token: withClaims({ iat: NOW - 300, exp: NOW - 60 }) },
  { it: "a token as old as it may be", verdict: "good", token: withClaims({ iat: NOW - 3_600, exp: NOW }) },
  {
    it: "a token a second older",
    verdict: "token_expired",
    token: withClaims({ iat: NOW - 3_601, exp: NOW - 1 }),
  },
  {
    it: "a token for over an hour",
    verdict: "token_lifetime_exceeded",
    token: withClaims({ exp: NOW + 3_601 }),
  },
  { it: "jti as a number", verdict: "token_claim_invalid", token: withClaims({ jti: 7 }) },
  { it: "cnf", verdict: "proof_of_possession_unsupported", token: withClaims({ cnf: {} }) },
  { it: "nothing that a policy grants", verdict: "policy_denied", token: withClaims({ sub: "job:2" }) },
];

const SIGNATURES: readonly Row[] = rowsOf("signature_invalid", [
  {
    it: "claims that were changed",
    token: (issuer) => {
      const [, , signature = ""] = good(issuer).split(".");
      return `${signingInput(header, claimsOf(issuer, { sub: "job:2" }))}.${signature}`;
    },
  },
  {
    it: "a signature that is cut",
    token: changed(([first, second, third]) => `${first}.${second}.${third.slice(0, 4)}`),
  },
  { it: "a signature of zeros", token: signedBy("RS256", () => Buffer.alloc(256)) },
  {
    it: "another key's signature",
    token: signedBy("RS256", (input) => signBytes("sha256", input, ecKey.privateKey)),
  },
  { it: "a PSS signature under RS256", token: signedBy("RS256", (input) => signBytes("sha256", input, pss)) },
  {
    it: "an expired token with a bad signature",
    token: (issuer) => `${withClaims({ exp: NOW - 900 })(issuer).slice(0, -4)}AAAA`,
  },
]);

/** Tokens of one issuer with one good key. */
export const TOKEN_ROWS: readonly Row[] = [
  ...HEADERS,
  ...ENCODINGS,
  {
    it: "a token of over 16 KiB",
    verdict: "token_too_large",
    token: withClaims({ other: "x".repeat(13_000) }),
  },
  ...CLAIMS,
  ...SIGNATURES,
];

import type { JsonObject } from "../../../shared/json.ts";
import { encode, hmac, type Json } from "../subject-token/craft.ts";
import {
  AUDIENCE,
  claims,
  ecdsa,
  ed25519,
  header,
  ISSUER,
  KEYS,
  NOW,
  pss,
  publicJwk,
  SIGNERS,
  SPIFFE_ID,
  svid,
  TRUST_DOMAIN,
  weakRsa,
} from "./craft.ts";
import type { Case } from "./verdict.ts";

/** SVIDs, good and bad, with the code that the judge must give: `good`, or the reason to refuse. */

export interface Row extends Case {
  readonly what: string;
  readonly code: string;
}

const set = (...keys: readonly Json[]): JsonObject => ({ keys }) as unknown as JsonObject;

const OWN = [publicJwk("rsa"), publicJwk("p256"), publicJwk("p384"), publicJwk("p521")];
const bundle = (...keys: readonly Json[]): JsonObject =>
  set({ kty: "EC", use: "x509-svid", x5c: ["MII"] }, ...keys);

const EXPECTED = {
  keys: set(...OWN),
  use: "sig",
  audiences: [AUDIENCE],
  issuer: ISSUER,
  trustDomain: TRUST_DOMAIN,
  now: NOW,
} as const;

type Judged = Partial<Omit<Case, "token">>;

const row = (code: string, what: string, token: string, expected: Judged = {}): Row => ({
  ...EXPECTED,
  ...expected,
  token,
  what,
  code,
});

/** The same SVID with other claims. */
const saying = (overrides: Json): string => svid(header(), claims(overrides));
const headed = (overrides: Json): string => svid(header(overrides));
const GOOD = svid();
const [HEADER = "", CLAIMS = "", SIGNATURE = ""] = GOOD.split(".");
const { issuer: _issuer, trustDomain: _domain, ...ANY_ISSUER } = EXPECTED;
const anyIssuer = (code: string, what: string, token: string, expected: Judged = {}): Row => ({
  ...ANY_ISSUER,
  ...expected,
  token,
  what,
  code,
});

const good: readonly Row[] = [
  ...Object.entries(SIGNERS).map(([alg, [kid, signer]]) =>
    row("good", `signed with ${alg}`, svid(header({ alg, kid }), claims(), signer)),
  ),
  row("good", "whose key says the same algorithm", GOOD, { keys: set(publicJwk("p256", { alg: "ES256" })) }),
  row("good", "without typ", headed({ typ: undefined })),
  row("good", "with typ JOSE", headed({ typ: "JOSE" })),
  row("good", "by a key of a SPIFFE bundle", GOOD, {
    keys: bundle(publicJwk("p256", { use: "jwt-svid" })),
    use: "jwt-svid",
  }),
  row("good", "beside a key that is of no use", GOOD, { keys: set(publicJwk("weak"), ...OWN) }),
  row(
    "good",
    "for several audiences, one of which is expected",
    saying({ aud: ["https://a.example", AUDIENCE] }),
  ),
  row("good", "for one of several expected audiences", GOOD, { audiences: ["https://a.example", AUDIENCE] }),
  row("good", "for another audience, where any will do", saying({ aud: "x" }), { audiences: "any" }),
  row("good", "one second before it expires", GOOD, { now: NOW + 299 }),
  row("good", "with an expiry that has a fraction", saying({ exp: NOW + 0.5 })),
  row("good", "expired within the leeway", GOOD, { now: NOW + 359, leewaySeconds: 60 }),
  row("good", "valid from this second", saying({ nbf: NOW })),
  row("good", "not valid yet, within the leeway", saying({ nbf: NOW + 60 }), { leewaySeconds: 60 }),
  row("good", "issued by a clock that is 60 s ahead", saying({ iat: NOW + 60 })),
  row("good", "issued by a clock that is within a longer leeway", saying({ iat: NOW + 90 }), {
    leewaySeconds: 90,
  }),
  row("good", "issued a year ago", saying({ iat: NOW - 31_536_000 })),
  row("good", "without iat", saying({ iat: undefined })),
  anyIssuer("good", "without iss, where none is expected", saying({ iss: undefined })),
  anyIssuer("good", "of another issuer, where none is expected", saying({ iss: "https://else.example" })),
  anyIssuer(
    "good",
    "of another trust domain, where none is expected",
    saying({ sub: "spiffe://else.example/a" }),
  ),
  row(
    "good",
    "with claims of the issuer's own",
    saying({ ref: "refs/heads/main", nested: { list: [1, null] } }),
  ),
];

const malformed: readonly Row[] = [
  ["nothing", ""],
  ["one part", HEADER],
  ["two parts", `${HEADER}.${CLAIMS}`],
  ["four parts", `${GOOD}.${SIGNATURE}`],
  ["five parts, as a JWE has", `${GOOD}.${CLAIMS}.${SIGNATURE}`],
  ["an empty signature", `${HEADER}.${CLAIMS}.`],
  ["empty claims", `${HEADER}..${SIGNATURE}`],
  ["the end of a line", `${GOOD}\n`],
  ["a space before it", ` ${GOOD}`],
  ["padding", `${GOOD}==`],
  ["base64 instead of base64url", `${HEADER}.${CLAIMS}.${SIGNATURE.slice(0, -2)}+/`],
  ["bits that its last character leaves over", `${HEADER}.${CLAIMS}.${SIGNATURE.slice(0, -1)}B`],
  ["JSON serialisation", JSON.stringify({ protected: HEADER, payload: CLAIMS, signature: SIGNATURE })],
  ["a header that is no JSON", svid("alg=ES256")],
  ["a header that is a list", svid("[]")],
  ["claims that are no object", svid(header(), '"claims"')],
  ["a header parameter twice", svid('{"alg":"ES256","alg":"none","kid":"p256"}')],
  ["a claim twice", svid(header(), `{"sub":"spiffe://a/b",${JSON.stringify(claims()).slice(1)}`)],
  ["a byte order mark", svid(header(), `\u{feff}${JSON.stringify(claims())}`)],
  ["claims that are not UTF-8", `${HEADER}.${encode(Uint8Array.of(0x7b, 0xff, 0x7d))}.${SIGNATURE}`],
  ["17 KiB", saying({ filler: "x".repeat(17 * 1024) })],
].map(([what = "", token = ""]) => row("malformed", `with ${what}`, token));

const headers: readonly Row[] = [
  ...Object.entries({
    crit: ["exp"],
    b64: false,
    jku: "https://evil.example/jwks",
    jwk: publicJwk("stranger"),
    x5u: "https://evil.example/chain",
    x5c: ["MII"],
    x5t: "abc",
    cty: "JWT",
    zip: "DEF",
    enc: "A256GCM",
    ver: "1",
  }).map(([name, value]) =>
    row("header_refused", `with the header parameter ${name}`, headed({ [name]: value })),
  ),
  ...["jwt", "at+jwt", "application/jwt", "", 1, null, ["JWT"]].map((typ) =>
    row("header_refused", `with typ ${JSON.stringify(typ)}`, headed({ typ })),
  ),
  ...[undefined, "", 7, ["p256"], null].map((kid) =>
    row("header_refused", `with kid ${JSON.stringify(kid)}`, headed({ kid })),
  ),
];

const algorithms: readonly Row[] = [
  ...["none", "es256", "ES256 ", "ES256K", "", 256, undefined, ["ES256"]].map((alg) =>
    row("algorithm_refused", `with alg ${JSON.stringify(alg)}`, headed({ alg })),
  ),
  row(
    "algorithm_refused",
    "signed with the public key as the secret of HS256",
    svid(header({ alg: "HS256", kid: "rsa" }), claims(), hmac(publicPem())),
  ),
  ...["EdDSA", "Ed25519"].map((alg) =>
    row("algorithm_refused", `signed with ${alg}`, svid(header({ alg, kid: "ed25519" }), claims(), ed25519), {
      keys: set(publicJwk("ed25519")),
    }),
  ),
];

function publicPem(): string {
  return KEYS.rsa.publicKey.export({ format: "pem", type: "spki" }).toString();
}

const keys: readonly Row[] = [
  row("key_not_published", "of a key that nobody published", headed({ kid: "p257" })),
  row("key_not_published", "of a kid that only begins alike", headed({ kid: "p25" })),
  row("key_not_published", "of a kid in other letters", headed({ kid: "P256" })),
  row("key_not_published", "of a kid that every object has", headed({ kid: "constructor" })),
  row("key_not_published", "where no key is published", GOOD, { keys: set() }),
  row("key_not_published", "where the bundle has X.509 authorities only", GOOD, {
    keys: bundle(),
    use: "jwt-svid",
  }),
  row("key_not_published", "where the bundle has the key for another use", GOOD, {
    keys: bundle(publicJwk("p256", { use: "sig" })),
    use: "jwt-svid",
  }),
  row("key_not_published", "where the bundle does not say the use of the key", GOOD, {
    keys: bundle(publicJwk("p256")),
    use: "jwt-svid",
  }),
  row("key_not_published", "where the JWK Set has the key for encryption", GOOD, {
    keys: set(publicJwk("p256", { use: "enc" })),
  }),
  row("key_not_published", "where two keys share the kid", GOOD, {
    keys: set(...OWN, publicJwk("stranger", { kid: "p256" })),
  }),
  row("key_not_published", "where the key is published with its private part", GOOD, {
    keys: set(publicJwk("p256", { d: "AQAB" })),
  }),
  row(
    "key_not_published",
    "of an RSA key that is too short",
    svid(header({ alg: "RS256", kid: "weak" }), claims(), weakRsa),
    { keys: set(publicJwk("weak")) },
  ),
  row(
    "key_unfit",
    "whose key is published for another algorithm",
    svid(header({ alg: "RS256", kid: "rsa" }), claims(), SIGNERS["RS256"]?.[1]),
    {
      keys: set(publicJwk("rsa", { alg: "PS256" })),
    },
  ),
  row(
    "key_unfit",
    "of ES256 with a key on P-384",
    svid(header({ kid: "p384" }), claims(), ecdsa(256, "p384")),
  ),
  row("key_unfit", "of RS256 with an EC key", headed({ alg: "RS256" })),
  row("key_unfit", "of ES256 with an RSA key", headed({ kid: "rsa" })),
];

const signatures: readonly Row[] = [
  ["of another key", svid(header(), claims(), ecdsa(256, "stranger"))],
  ["of other claims", `${HEADER}.${saying({ sub: `${SPIFFE_ID}/admin` }).split(".")[1]}.${SIGNATURE}`],
  ["of another header", `${headed({ typ: "JOSE" }).split(".")[0]}.${CLAIMS}.${SIGNATURE}`],
  ["that is cut", `${HEADER}.${CLAIMS}.${SIGNATURE.slice(0, 84)}`],
  ["that is one byte", `${HEADER}.${CLAIMS}.AA`],
  ["of zeros", `${HEADER}.${CLAIMS}.${encode(new Uint8Array(64))}`],
  ["in DER", svid(header(), claims(), ecdsa(256, "p256", "der"))],
  ["of another hash", svid(header(), claims(), ecdsa(384, "p256"))],
  ["of PS256 under the name RS256", svid(header({ alg: "RS256", kid: "rsa" }), claims(), pss(256))],
  [
    "of RS256 under the name PS256",
    svid(header({ alg: "PS256", kid: "rsa" }), claims(), SIGNERS["RS256"]?.[1]),
  ],
  ["of PS256 with a short salt", svid(header({ alg: "PS256", kid: "rsa" }), claims(), pss(256, 20))],
].map(([what = "", token = ""]) => row("signature_invalid", `with a signature ${what}`, token));

const subjects: readonly Row[] = [
  ...[undefined, "", null, 7, [SPIFFE_ID], { id: SPIFFE_ID }].map((sub) =>
    row("claim_sub", `with sub ${JSON.stringify(sub)}`, saying({ sub })),
  ),
  row(
    "claim_sub",
    "whose sub is that of its prototype",
    svid(header(), `{"__proto__":${JSON.stringify(claims())},"iss":"${ISSUER}"}`),
  ),
  ...[
    "repo:acme/app:ref:refs/heads/main",
    "https://ci.example.org/a",
    "SPIFFE://ci.example.org/a",
    "spiffe://CI.example.org/a",
    "spiffe://ci.example.org",
    "spiffe://ci.example.org/",
    "spiffe://ci.example.org/a/",
    "spiffe://ci.example.org/a//b",
    "spiffe://ci.example.org/a/../b",
    "spiffe://ci.example.org/a%2Fb",
    "spiffe://ci.example.org/a?b",
    "spiffe://ci.example.org/a#b",
    "spiffe://ci.example.org:443/a",
    "spiffe://user@ci.example.org/a",
    "spiffe:///a",
    "spiffe://ci.example.org/spire/agent",
    `spiffe://ci.example.org/${"a".repeat(2048)}`,
  ].map((sub) => row("not_a_spiffe_id", `with sub ${sub.slice(0, 40)}`, saying({ sub }))),
  ...["else.example", "ci.example.org.evil.example", "sub.ci.example.org", "ci.example"].map((domain) =>
    row("trust_domain_differs", `of the trust domain ${domain}`, saying({ sub: `spiffe://${domain}/a` })),
  ),
];

const audiences: readonly Row[] = [
  ...[undefined, null, 7, [], [7], [AUDIENCE, 7], { aud: AUDIENCE }].map((aud) =>
    row("claim_aud", `with aud ${JSON.stringify(aud)}`, saying({ aud })),
  ),
  ...[
    "",
    "https://else.example",
    `${AUDIENCE}/`,
    AUDIENCE.slice(0, -1),
    AUDIENCE.toUpperCase(),
    [`${AUDIENCE} x`],
  ].map((aud) => row("claim_aud", `for the audience ${JSON.stringify(aud)}`, saying({ aud }))),
  row("claim_aud", "where no audience is expected", GOOD, { audiences: [] }),
  row("claim_aud", "without aud, where any will do", saying({ aud: undefined }), { audiences: "any" }),
];

const dates: readonly Row[] = [
  ...[undefined, null, `${NOW + 300}`, -1, 1e300, [NOW + 300], true].map((exp) =>
    row("claim_exp", `with exp ${JSON.stringify(exp)}`, saying({ exp })),
  ),
  row("expired", "in the second of its exp", GOOD, { now: NOW + 300 }),
  row("expired", "one second after its exp", GOOD, { now: NOW + 301 }),
  row("expired", "expired by more than the leeway", GOOD, { now: NOW + 360, leewaySeconds: 60 }),
  row("expired", "with exp 0", saying({ exp: 0 })),
  ...["soon", null, -1].map((nbf) => row("claim_nbf", `with nbf ${JSON.stringify(nbf)}`, saying({ nbf }))),
  row("claim_nbf", "one second before its nbf", saying({ nbf: NOW + 1 })),
  row("claim_nbf", "before its nbf by more than the leeway", saying({ nbf: NOW + 61 }), {
    leewaySeconds: 60,
  }),
  ...["today", null, -1].map((iat) => row("claim_iat", `with iat ${JSON.stringify(iat)}`, saying({ iat }))),
  row("claim_iat", "issued more than 60 s ahead", saying({ iat: NOW + 61 })),
];

const issuers: readonly Row[] = [
  ...[undefined, null, 7, [ISSUER], "", "https://else.example", `${ISSUER}/`, ISSUER.toUpperCase()].map(
    (iss) => row("claim_iss", `with iss ${JSON.stringify(iss)}`, saying({ iss })),
  ),
  anyIssuer("claim_iss", "with an iss that is not text, where none is expected", saying({ iss: 7 })),
];

export const ROWS: readonly Row[] = [
  ...good,
  ...malformed,
  ...headers,
  ...algorithms,
  ...keys,
  ...signatures,
  ...subjects,
  ...audiences,
  ...dates,
  ...issuers,
];

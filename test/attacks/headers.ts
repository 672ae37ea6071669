import { generateKeyPairSync, sign as signBytes } from "node:crypto";
import { publicJwk } from "../shared/subject-token/craft.ts";
import type { Arena } from "./arena.ts";
import { type Attack, tokens } from "./attack.ts";
import { CANARY_HOST, ciToken } from "./issuers.ts";

const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
const byOwnKey = (input: Buffer) => signBytes("sha256", input, own.privateKey);

const withHeader = (header: object) => () => ciToken({ ...header });
/** Signed by the attacker's key, which the header then offers. */
const offering = (header: (arena: Arena) => object) => (arena: Arena) =>
  ciToken({ ...header(arena) }, {}, byOwnKey);

export const HEADER_ATTACKS: readonly Attack[] = [
  ...tokens("token_header_refused", {
    "jku on loopback": offering(({ canary }) => ({ jku: `${canary.url}/jwks` })),
    "jku at a name": offering(() => ({ jku: `https://${CANARY_HOST}/jwks` })),
    "jku at the cloud's metadata": offering(() => ({ jku: "http://169.254.169.254/latest/meta-data" })),
    "jku that is null": withHeader({ jku: null }),
    "x5u on loopback": offering(({ canary }) => ({ x5u: `${canary.url}/cert.pem` })),
    "x5c with the attacker's certificate": offering(() => ({ x5c: ["MIIB"] })),
    "jwk with the attacker's key": offering(() => ({ jwk: publicJwk(own, { alg: "RS256" }) })),
    "jwk with a symmetric key": offering(() => ({ jwk: { kty: "oct", k: "AA" } })),
    "crit with an extension that nobody knows": withHeader({ crit: ["x-ext"], "x-ext": 1 }),
    "crit with exp": withHeader({ crit: ["exp"], exp: 1 }),
    "crit that is empty": withHeader({ crit: [] }),
    "crit that is a string": withHeader({ crit: "b64" }),
    "b64 false": withHeader({ b64: false }),
    "b64 false with crit": withHeader({ b64: false, crit: ["b64"] }),
    "b64 true": withHeader({ b64: true }),
    "cty JWT, a nested token": withHeader({ cty: "JWT" }),
    "cty of another kind": withHeader({ cty: "text/plain" }),
    "zip DEF": withHeader({ zip: "DEF" }),
    "enc, as if encrypted": withHeader({ enc: "A256GCM" }),
    "typ at+jwt": withHeader({ typ: "at+jwt" }),
    "typ application/secevent+jwt": withHeader({ typ: "application/secevent+jwt" }),
    "typ dpop+jwt": withHeader({ typ: "dpop+jwt" }),
    "typ JOSE+JSON": withHeader({ typ: "JOSE+JSON" }),
    "typ empty": withHeader({ typ: "" }),
    "typ null": withHeader({ typ: null }),
    "typ as a list": withHeader({ typ: ["JWT"] }),
    "no kid": withHeader({ kid: undefined }),
    "kid null": withHeader({ kid: null }),
    "kid as a number": withHeader({ kid: 1 }),
    "kid as a list": withHeader({ kid: ["k1"] }),
    "kid as an object": withHeader({ kid: { toString: "k1" } }),
    "kid empty": withHeader({ kid: "" }),
    "kid with a null byte": withHeader({ kid: "k1\u0000" }),
    "kid with a line break": withHeader({ kid: "k1\r\nX-Injected: 1" }),
    "kid with a look-alike letter": withHeader({ kid: "к1" }),
    "kid of 257 characters": withHeader({ kid: "k".repeat(257) }),
  }),
  ...tokens(
    "signing_key_unknown",
    {
      "kid as a path": withHeader({ kid: "../../../../dev/null" }),
      "kid as a file": withHeader({ kid: "file:///proc/self/environ" }),
      "kid as an address": (arena) => ciToken({ kid: `${arena.canary.url}/keys` }, {}, byOwnKey),
      "kid as SQL": withHeader({ kid: "x' UNION SELECT 'secret' --" }),
      "kid as a command": withHeader({ kid: "| curl canary.example" }),
      "kid as a KV key": withHeader({ kid: "upstream/ci" }),
      "kid __proto__": withHeader({ kid: "__proto__" }),
      "kid constructor": withHeader({ kid: "constructor" }),
      "kid in another case": withHeader({ kid: "K1" }),
      "kid with a space": withHeader({ kid: "k1 " }),
      "kid of another issuer's key": withHeader({ kid: "only-at-twin" }),
    },
    2,
  ),
  ...tokens("token_malformed", {
    "a header of 3 KiB": withHeader({ padding: "x".repeat(3_000) }),
    "alg twice": () => ciToken('{"alg":"none","kid":"k1","alg":"RS256"}'),
    "kid twice": () => ciToken('{"alg":"RS256","kid":"k1","kid":"k1"}'),
    "crit twice, once escaped": () => ciToken('{"alg":"RS256","kid":"k1","cri\\u0074":[],"crit":[]}'),
    "a header that is a list": () => ciToken('[{"alg":"RS256","kid":"k1"}]'),
    "a header that is null": () => ciToken("null"),
    "a header with a byte order mark": () => ciToken('\ufeff{"alg":"RS256","kid":"k1"}'),
    "a header with a comment": () => ciToken('{"alg":"RS256",/* */"kid":"k1"}'),
    "a header with single quotes": () => ciToken("{'alg':'RS256','kid':'k1'}"),
  }),
];

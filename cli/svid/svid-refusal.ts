import { unverifiedJwt } from "../../shared/client/unverified-jwt.ts";
import type { JsonValue } from "../../shared/json.ts";
import { describeKeyFault, type KeyFault } from "../../shared/jwk/key-fault.ts";
import { printable } from "../../shared/printable.ts";
import { formatInstant, formatSpan } from "../../shared/time.ts";
import type { SvidRefusal, SvidRefusalCode } from "../../shared/verify/refusal.ts";
import type { ExpectedSvid } from "../../shared/verify/svid.ts";
import type { Failure } from "../outcome.ts";

/** What an SVID was judged by, and the published keys that cannot be used. */
export interface JudgedBy extends ExpectedSvid {
  readonly faults: ReadonlyMap<string, KeyFault>;
}

/** Explains why an SVID was refused: what it has, and what was expected. */
export function explainRefusal(
  { code, what }: SvidRefusal,
  token: string,
  judgedBy: JudgedBy,
  nowMs: number,
): Failure {
  const { header = {}, claims = {} } = unverifiedJwt(token) ?? {};
  const { exp } = claims;
  const ago =
    code === "expired" && typeof exp === "number"
      ? `, ${formatSpan(nowMs / 1000 - exp)} ago, at ${formatInstant(exp)}`
      : "";
  return {
    exit: 1,
    code,
    message: `The SVID ${what}${ago}.`,
    details: DETAILS[code]?.({ ...header, ...claims }, judgedBy) ?? [],
    next: [NEXT[code]],
  };
}

type Members = Readonly<Record<string, JsonValue>>;

const DETAILS: { readonly [code in SvidRefusalCode]?: (says: Members, judgedBy: JudgedBy) => string[] } = {
  header_refused: ({ alg, kid, typ }) => [`alg: ${shown(alg)}, kid: ${shown(kid)}, typ: ${shown(typ)}`],
  algorithm_refused: ({ alg }) => [`alg: ${shown(alg)}`],
  key_not_published: ({ kid }, { keys, faults }) => [
    `kid: ${shown(kid)}`,
    `published: ${[...keys.keys()].map(printable).join(", ") || "none"}`,
    ...[...faults].map(([name, fault]) => `unusable: ${printable(`${name}: ${describeKeyFault(fault)}`)}`),
  ],
  key_unfit: ({ alg, kid }) => [`alg: ${shown(alg)}, kid: ${shown(kid)}`],
  claim_aud: ({ aud }, { audiences }) => [
    `aud: ${shown(aud)}`,
    ...(audiences === "any" ? [] : [`expected: ${audiences.map(shown).join(" or ")}`]),
  ],
  claim_iss: ({ iss }, { issuer }) => [
    `iss: ${shown(iss)}`,
    ...(issuer === undefined ? [] : [`expected: ${shown(issuer)}`]),
  ],
  claim_sub: ({ sub }) => [`sub: ${shown(sub)}`],
  claim_exp: ({ exp }) => [`exp: ${shown(exp)}`],
  claim_nbf: ({ nbf }) => [`nbf: ${shown(nbf)}`],
  claim_iat: ({ iat }) => [`iat: ${shown(iat)}`],
  not_a_spiffe_id: ({ sub }) => [`sub: ${shown(sub)}`],
  trust_domain_differs: ({ sub }, { trustDomain }) => [`sub: ${shown(sub)}`, `expected: ${trustDomain}`],
};

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "(absent)" : printable(JSON.stringify(value));
}

const OTHER_ISSUER =
  "Check that this issuer minted the SVID, and give --issuer exactly the iss of its SVIDs.";
const OTHER_TOKEN = "Check that this token is a JWT-SVID, and not an ID token or an access token.";
const CLOCK = "Check the clock of this machine, and the clock of the issuer.";

const NEXT: Readonly<Record<SvidRefusalCode, string>> = {
  malformed: "Give the SVID alone: three parts in base64url, joined by dots.",
  header_refused: OTHER_TOKEN,
  algorithm_refused: OTHER_TOKEN,
  key_not_published:
    "Check that this issuer minted the SVID. An issuer publishes a key before it signs with it, and until its last SVID has expired.",
  key_unfit: "Report this to the maintainer of the issuer.",
  signature_invalid: "Get a new SVID: this one was changed or cut, or another key signed it.",
  claim_sub: OTHER_TOKEN,
  claim_aud: "An SVID is for one audience. Get an SVID with the audience of this service.",
  claim_exp: OTHER_TOKEN,
  claim_nbf: CLOCK,
  claim_iat: CLOCK,
  claim_iss: OTHER_ISSUER,
  not_a_spiffe_id: OTHER_TOKEN,
  trust_domain_differs:
    "Give the keys of the SVID's own trust domain: keys of another one do not verify it (SPIFFE Trust Domain and Bundle 4).",
  expired: "Get a new SVID with svid-exchange fetch. For a long job, use svid-exchange run.",
};

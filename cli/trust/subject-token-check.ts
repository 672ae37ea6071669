import { compactVerify, createLocalJWKSet, errors } from "jose";
import type { JsonObject } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import { claimsProblem } from "../../shared/subject-token/registered-claims.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import { readJsonDocument } from "../json-document.ts";
import { type Failure, failed } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { keysIn } from "../svid/published.ts";

/** Why the exchange would refuse a token before it looks at policies; `code` as in docs/reference/errors.md. */
export interface Finding {
  readonly code: string;
  readonly message: string;
}

/** The registered claims and the ones that the issuer's type requires, judged as the exchange does. */
export function judgeClaims(claims: JsonObject, issuer: AllowedIssuer, nowMs: number): readonly Finding[] {
  const problem = claimsProblem(claims, issuer, Math.floor(nowMs / 1000));
  return problem === undefined ? [] : [{ code: problem.code, message: problem.detail }];
}

/** The signature, by a key that the issuer publishes now. */
export async function judgeSignature(
  token: string,
  issuer: AllowedIssuer,
  ports: Pick<Ports, "fetch" | "userAgent">,
): Promise<readonly Finding[]> {
  const keys = await issuerKeys(issuer, ports);
  if (!keys.ok) return [{ code: "issuer_keys_unavailable", message: keys.error.message }];
  try {
    const set = createLocalJWKSet({ keys: [...keys.value] as never[] });
    await compactVerify(token, set, { algorithms: [...issuer.algorithms] });
    return [];
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return [{ code: CODES[error.code] ?? "token_malformed", message: error.message }];
  }
}

/** What the exchange calls jose's reasons. */
const CODES: Readonly<Record<string, string>> = {
  ERR_JWKS_NO_MATCHING_KEY: "signing_key_unknown",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature_invalid",
  ERR_JOSE_ALG_NOT_ALLOWED: "token_algorithm_refused",
};

type Keys = Result<readonly JsonObject[], Failure>;

async function issuerKeys(issuer: AllowedIssuer, ports: Pick<Ports, "fetch" | "userAgent">): Promise<Keys> {
  const { keys } = issuer;
  if (keys.from === "inline") return ok([...keys.keys.values()].map((key) => ({ ...key })));
  if (keys.from === "jwksURI") return keysAt(keys.uri, ports);
  const metadata = await readJsonDocument(keys.uri, ports);
  if (!metadata.ok) return metadata;
  const { issuer: named, jwks_uri: uri } = metadata.value.body;
  if (named === issuer.issuer && typeof uri === "string") return keysAt(uri, ports);
  return failed(
    "document_unavailable",
    `${keys.uri} does not name ${issuer.issuer} as its issuer, or names no jwks_uri.`,
    "Check the issuer in allowedIssuers.",
  );
}

async function keysAt(uri: string, ports: Pick<Ports, "fetch" | "userAgent">): Promise<Keys> {
  const read = await readJsonDocument(uri, ports);
  return read.ok ? keysIn(read.value.body, uri) : read;
}

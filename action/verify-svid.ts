import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from "jose";
import { attemptSignal, type ClientPorts } from "../shared/client/exchange.ts";
import { type ExchangeUrl, isConfidential } from "../shared/client/exchange-url.ts";
import { parseJson, readText } from "../shared/client/fetch.ts";
import { type FailedAttempt, withRetry } from "../shared/client/retry.ts";
import { isJsonObject, type JsonObject } from "../shared/json.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { SVID_ALGORITHMS } from "../shared/svid.ts";

/**
 * Verifies a JWT-SVID as a service would: discovery (OpenID Connect Discovery 1.0 §4), the JWKS that it names, the
 * signature, `iss`, `aud`, `sub` and `exp` (JWT-SVID §5).
 */

/** Why an SVID was not found good. */
export type UnverifiedReason =
  | "metadata_unreadable"
  | "issuer_differs"
  | "keys_unreadable"
  | "key_not_published"
  | "signature_invalid"
  | "expired"
  | "claim_differs"
  | "malformed";

export interface Expected {
  readonly issuer: ExchangeUrl;
  readonly audience: string;
  readonly spiffeId: string;
}

/** Both documents are a few KiB. */
const MAX_DOCUMENT_BYTES = 100 * 1024;
/** How far the runner's clock may be off, in seconds. */
const CLOCK_TOLERANCE_S = 60;

const REASONS: Readonly<Record<string, UnverifiedReason>> = {
  ERR_JWKS_NO_MATCHING_KEY: "key_not_published",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature_invalid",
  ERR_JWT_EXPIRED: "expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "claim_differs",
};

export async function verifySvid(
  svid: string,
  expected: Expected,
  timeoutMs: number,
  ports: ClientPorts,
): Promise<Result<void, UnverifiedReason>> {
  const deadlineMs = ports.nowMs() + timeoutMs;
  const metadata = await getJson(`${expected.issuer}/.well-known/openid-configuration`, deadlineMs, ports);
  if (metadata === undefined) return err("metadata_unreadable");
  if (metadata["issuer"] !== expected.issuer) return err("issuer_differs");
  const jwksUri = metadata["jwks_uri"];
  if (typeof jwksUri !== "string" || !URL.canParse(jwksUri) || !isConfidential(new URL(jwksUri))) {
    return err("metadata_unreadable");
  }
  const jwks = await getJson(jwksUri, deadlineMs, ports);
  if (jwks === undefined) return err("keys_unreadable");
  return judge(svid, jwks, expected, ports.nowMs());
}

/** Pure but for WebCrypto: the signature, then the claims. */
export async function judge(
  svid: string,
  jwks: JsonObject,
  { issuer, audience, spiffeId }: Expected,
  nowMs: number,
): Promise<Result<void, UnverifiedReason>> {
  try {
    await jwtVerify(svid, createLocalJWKSet(jwks as unknown as JSONWebKeySet), {
      issuer,
      audience,
      subject: spiffeId,
      algorithms: [...SVID_ALGORITHMS],
      requiredClaims: ["exp"],
      currentDate: new Date(nowMs),
      clockTolerance: CLOCK_TOLERANCE_S,
    });
    return ok(undefined);
  } catch (thrown) {
    if (!(thrown instanceof errors.JOSEError)) throw thrown;
    return err(REASONS[thrown.code] ?? "malformed");
  }
}

async function getJson(url: string, deadlineMs: number, ports: ClientPorts): Promise<JsonObject | undefined> {
  const read = await withRetry((leftMs) => readOnce(url, leftMs, ports), deadlineMs - ports.nowMs(), ports);
  return read.ok && isJsonObject(read.value) ? read.value : undefined;
}

async function readOnce(
  url: string,
  leftMs: number,
  ports: ClientPorts,
): Promise<Result<unknown, FailedAttempt<"unreadable">>> {
  const headers = { accept: "application/json", "user-agent": ports.userAgent };
  try {
    const signal = attemptSignal(leftMs, ports);
    const answer = await ports.fetch(url, { method: "GET", headers, redirect: "manual", signal });
    const body = parseJson(await readText(answer, MAX_DOCUMENT_BYTES));
    if (answer.status === 200) return ok(body);
    return err({ failure: "unreadable", retryable: answer.status === 429 || answer.status >= 500 });
  } catch {
    return err({ failure: "unreadable", retryable: true });
  }
}

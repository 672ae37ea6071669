import { type Check, type Denial, type DenialCode, denialRow } from "./denial.ts";

/** The words of RFC 8693 that both ends of `POST /token` share. */
export const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
export const TOKEN_TYPE_JWT = "urn:ietf:params:oauth:token-type:jwt";
export const TOKEN_TYPE_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

/** The member of the authorization server metadata (RFC 8414 §2) that names the trust domain of the SVIDs. */
export const TRUST_DOMAIN_MEMBER = "spiffe_trust_domain";

/** What a client asks for: the form of RFC 8693 §2.1, with `policy` and `dry_run` as extensions. */
export interface ExchangeRequest {
  readonly subjectToken: string;
  readonly audience?: string;
  readonly policy?: string;
  readonly dryRun?: boolean;
}

/** What was decided for a job, whether an SVID was minted by it or not. */
export interface Decision {
  readonly spiffeId: string;
  readonly audience: string;
  readonly policy: string;
  readonly configVersion: string;
}

/** The success of an exchange (RFC 8693 §2.2.1), with the extensions that say what was decided. */
export interface Minted extends Decision {
  /** The JWT-SVID. */
  readonly svid: string;
  /** Seconds from the response to the SVID's `exp`. */
  readonly expiresIn: number;
}

/** The success of a dry run: what an exchange would mint. */
export interface Plan extends Decision {
  /** Seconds from the minting of the SVID to its `exp`. */
  readonly lifetime: number;
}

/** A refusal as it crossed the wire (RFC 6749 §5.2). */
export interface ExchangeRefusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  /** Absent where there is none, or one that this version does not know. */
  readonly code?: DenialCode;
  readonly requestId?: string;
  readonly checks: readonly Check[];
}

export function exchangeForm(request: ExchangeRequest): URLSearchParams {
  const form = new URLSearchParams({
    grant_type: GRANT_TYPE,
    subject_token: request.subjectToken,
    subject_token_type: TOKEN_TYPE_ID_TOKEN,
    requested_token_type: TOKEN_TYPE_JWT,
  });
  if (request.audience !== undefined) form.set("audience", request.audience);
  if (request.policy !== undefined) form.set("policy", request.policy);
  if (request.dryRun === true) form.set("dry_run", "true");
  return form;
}

export function successBody(success: Minted | Plan): Record<string, unknown> {
  const decision = {
    spiffe_id: success.spiffeId,
    audience: success.audience,
    policy: success.policy,
    config_version: success.configVersion,
  };
  if (!("svid" in success)) return { dry_run: true, expires_in: success.lifetime, ...decision };
  return {
    access_token: success.svid,
    issued_token_type: TOKEN_TYPE_JWT,
    token_type: "N_A",
    expires_in: success.expiresIn,
    ...decision,
  };
}

export function errorBody(denial: Denial, requestId: string): Record<string, unknown> {
  const row = denialRow(denial.code);
  return {
    error: row.error,
    error_description: describable(`${denial.detail} ${row.hint}`),
    code: denial.code,
    request_id: requestId,
    ...(denial.checks === undefined ? {} : { checks: denial.checks }),
  };
}

/** RFC 6749 §5.2: `error_description` holds %x20-21, %x23-5B and %x5D-7E only. */
function describable(text: string): string {
  return text.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, "?");
}

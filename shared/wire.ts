import type { Check, Denial, DenialCode } from "./denial.ts";
import { DENIALS, denialRow } from "./denial.ts";
import { isJsonObject } from "./json.ts";
import { err, ok, type Result } from "./result.ts";

/** The words of RFC 8693 that both ends of `POST /token` share. */
export const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
export const TOKEN_TYPE_JWT = "urn:ietf:params:oauth:token-type:jwt";
export const TOKEN_TYPE_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

/** What a client asks for (design of the form: RFC 8693 §2.1, with `policy` and `dry_run` as extensions). */
export interface ExchangeRequest {
  readonly subjectToken: string;
  readonly audience?: string;
  readonly policy?: string;
  readonly dryRun?: boolean;
}

/** A successful answer (RFC 8693 §2.2.1), with the extensions that say what was decided. */
export interface ExchangeSuccess {
  /** The JWT-SVID; absent in the answer to a dry run. */
  readonly svid?: string;
  /** Seconds from the answer to the SVID's `exp`. */
  readonly expiresIn: number;
  readonly spiffeId: string;
  readonly audience: string;
  readonly policy: string;
  readonly configVersion: string;
}

/** A refusal as it crossed the wire (RFC 6749 §5.2). `code` is absent where the answer is not an exchange's. */
export interface ExchangeRefusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
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

export function successBody(success: ExchangeSuccess): Record<string, unknown> {
  const minted =
    success.svid === undefined
      ? { dry_run: true }
      : { access_token: success.svid, issued_token_type: TOKEN_TYPE_JWT, token_type: "N_A" };
  return {
    ...minted,
    expires_in: success.expiresIn,
    spiffe_id: success.spiffeId,
    audience: success.audience,
    policy: success.policy,
    config_version: success.configVersion,
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

/** Reads the body of an answer; the other direction of `successBody` and `errorBody`. */
export function parseExchangeAnswer(status: number, body: unknown): Result<ExchangeSuccess, ExchangeRefusal> {
  const fields = isJsonObject(body) ? body : {};
  const text = (name: string): string => (typeof fields[name] === "string" ? fields[name] : "");
  if (status !== 200) return err(refusal(status, fields, text));
  const dryRun = fields["dry_run"] === true;
  const svid = text("access_token");
  const expiresIn = fields["expires_in"];
  const complete = typeof expiresIn === "number" && text("spiffe_id") !== "" && (dryRun || svid !== "");
  if (!complete) return err(refusal(status, {}, () => ""));
  return ok({
    ...(dryRun ? {} : { svid }),
    expiresIn,
    spiffeId: text("spiffe_id"),
    audience: text("audience"),
    policy: text("policy"),
    configVersion: text("config_version"),
  });
}

function refusal(
  status: number,
  fields: Record<string, unknown>,
  text: (name: string) => string,
): ExchangeRefusal {
  const code = text("code");
  const requestId = text("request_id");
  return {
    status,
    error: text("error") || "not_an_exchange",
    description: text("error_description") || `the answer with status ${status} is not an exchange's`,
    ...(isDenialCode(code) ? { code } : {}),
    ...(requestId === "" ? {} : { requestId }),
    checks: Array.isArray(fields["checks"]) ? fields["checks"].filter(isCheck) : [],
  };
}

function isDenialCode(code: string): code is DenialCode {
  return Object.hasOwn(DENIALS, code);
}

function isCheck(value: unknown): value is Check {
  if (!isJsonObject(value)) return false;
  const { policy, attribute, value: own, pass } = value;
  return (
    typeof policy === "string" &&
    typeof attribute === "string" &&
    (own === null || typeof own === "string") &&
    typeof pass === "boolean"
  );
}

/** RFC 6749 §5.2: `error_description` holds %x20-21, %x23-5B and %x5D-7E only. */
function describable(text: string): string {
  return text.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, "?");
}

import { type Check, DENIALS, type DenialCode } from "../denial.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { MAX_TOKEN_BYTES } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { parseSpiffeId } from "../spiffe-id.ts";
import type { Decision, ExchangeRefusal, Minted, Plan } from "../wire.ts";

/**
 * Reading what `POST /token` responded: the other direction of `successBody` and `errorBody`. Whatever stands at the
 * address may be hostile or broken, so each member has the form that an exchange gives it, or is not taken.
 */

/** RFC 7515 §7.1. */
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
/** As the trust document allows them. */
const AUDIENCE = /^[\x21-\x7e]{1,600}$/;
const POLICY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const CONFIG_VERSION = /^[0-9a-f]{1,64}$/;
/** No SVID lives longer than an hour. */
const MAX_EXPIRES_IN = 3_600;
/** As OAuth registers them: words with underscores. */
const ERROR = /^[a-z][a-z0-9_]{0,63}$/;
/** RFC 6749 §5.2 allows the other characters in `error_description`. */
const UNDESCRIBABLE = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g;
const MAX_DESCRIPTION = 1_000;
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
/** A refusal shows three near misses, with as many conditions as a policy may have. */
const MAX_CHECKS = 100;
const MAX_CHECK_TEXT = 300;

/** Why a response is not the success that was asked for. */
export type ResponseFailure =
  /** The exchange refused. */
  | { readonly code: "refused"; readonly refusal: ExchangeRefusal }
  /** Something responded that does not speak RFC 8693, or not as this request was. */
  | { readonly code: "not_an_exchange"; readonly status: number };

/** @returns the SVID; a plan is no success where an SVID was asked for. */
export function parseMinted(status: number, body: unknown): Result<Minted, ResponseFailure> {
  const members = isJsonObject(body) ? body : {};
  if (status !== 200) return err(failure(status, members));
  const decided = decision(members);
  const svid = text(members, "access_token");
  const isSvid = svid.length <= MAX_TOKEN_BYTES && COMPACT_JWS.test(svid);
  if (decided === undefined || !isSvid || members["dry_run"] === true) return notAnExchange(status);
  const { seconds: expiresIn, ...rest } = decided;
  return ok({ svid, expiresIn, ...rest });
}

/** @returns the plan; an SVID is no success where none was asked for. */
export function parsePlan(status: number, body: unknown): Result<Plan, ResponseFailure> {
  const members = isJsonObject(body) ? body : {};
  if (status !== 200) return err(failure(status, members));
  const decided = decision(members);
  const minted = Object.hasOwn(members, "access_token");
  if (decided === undefined || minted || members["dry_run"] !== true) return notAnExchange(status);
  const { seconds: lifetime, ...rest } = decided;
  return ok({ lifetime, ...rest });
}

/** @returns `undefined` where the body is not one of an exchange. */
function decision(members: JsonObject): (Decision & { readonly seconds: number }) | undefined {
  const seconds = members["expires_in"];
  const [spiffeId, audience] = [text(members, "spiffe_id"), text(members, "audience")];
  const [policy, configVersion] = [text(members, "policy"), text(members, "config_version")];
  const isLifetime =
    Number.isSafeInteger(seconds) && Number(seconds) > 0 && Number(seconds) <= MAX_EXPIRES_IN;
  const isDecision =
    parseSpiffeId(spiffeId).ok &&
    AUDIENCE.test(audience) &&
    POLICY.test(policy) &&
    CONFIG_VERSION.test(configVersion);
  return isLifetime && isDecision
    ? { seconds: Number(seconds), spiffeId, audience, policy, configVersion }
    : undefined;
}

function failure(status: number, members: JsonObject): ResponseFailure {
  const error = text(members, "error");
  if (!ERROR.test(error)) return { code: "not_an_exchange", status };
  const code = text(members, "code");
  const requestId = text(members, "request_id");
  const checks = members["checks"];
  return {
    code: "refused",
    refusal: {
      status,
      error,
      description: describable(members) || `the exchange responded with status ${status}`,
      ...(isDenialCode(code) ? { code } : {}),
      ...(REQUEST_ID.test(requestId) ? { requestId } : {}),
      checks: Array.isArray(checks) ? checks.slice(0, MAX_CHECKS).filter(isCheck) : [],
    },
  };
}

function describable(members: JsonObject): string {
  return text(members, "error_description").slice(0, MAX_DESCRIPTION).replace(UNDESCRIBABLE, "?");
}

function notAnExchange(status: number): Result<never, ResponseFailure> {
  return err({ code: "not_an_exchange", status });
}

function text(members: JsonObject, name: string): string {
  const value = members[name];
  return typeof value === "string" ? value : "";
}

function isDenialCode(code: string): code is DenialCode {
  return Object.hasOwn(DENIALS, code);
}

function isCheck(value: unknown): value is Check {
  if (!isJsonObject(value)) return false;
  const { policy, attribute, value: own, pass } = value;
  return isShort(policy) && isShort(attribute) && (own === null || isShort(own)) && typeof pass === "boolean";
}

function isShort(value: unknown): boolean {
  return typeof value === "string" && value.length <= MAX_CHECK_TEXT;
}

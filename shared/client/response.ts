import { type Check, DENIALS, type DenialCode } from "../denial.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { err, ok, type Result } from "../result.ts";
import type { Decision, ExchangeRefusal, Minted, Plan } from "../wire.ts";

/** Reading what `POST /token` responded: the other direction of `successBody` and `errorBody`. */

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
  if (decided === undefined || svid === "" || members["dry_run"] === true) return notAnExchange(status);
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
  const spiffeId = text(members, "spiffe_id");
  if (typeof seconds !== "number" || spiffeId === "") return undefined;
  return {
    seconds,
    spiffeId,
    audience: text(members, "audience"),
    policy: text(members, "policy"),
    configVersion: text(members, "config_version"),
  };
}

function failure(status: number, members: JsonObject): ResponseFailure {
  const error = text(members, "error");
  if (error === "") return { code: "not_an_exchange", status };
  const code = text(members, "code");
  const requestId = text(members, "request_id");
  const checks = members["checks"];
  return {
    code: "refused",
    refusal: {
      status,
      error,
      description: text(members, "error_description") || `the exchange responded with status ${status}`,
      ...(isDenialCode(code) ? { code } : {}),
      ...(requestId === "" ? {} : { requestId }),
      checks: Array.isArray(checks) ? checks.filter(isCheck) : [],
    },
  };
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
  return (
    typeof policy === "string" &&
    typeof attribute === "string" &&
    (own === null || typeof own === "string") &&
    typeof pass === "boolean"
  );
}

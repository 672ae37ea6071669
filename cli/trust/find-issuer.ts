import type { JsonObject } from "../../shared/json.ts";
import { endWithSuggestion } from "../../shared/nearest-word.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import { type Failure, failed, misused } from "../outcome.ts";

/**
 * Finds the issuer of claims.
 *
 * @param id the value of `--issuer`; absent: the allowed issuer whose URL is exactly the `iss` of the claims.
 */
export function findIssuer(
  config: TrustConfig,
  claims: JsonObject,
  id: string | undefined,
): Result<AllowedIssuer, Failure> {
  const issuers = [...config.issuers.values()];
  const ids = issuers.map((issuer) => issuer.id);
  const { iss } = claims;
  if (id !== undefined) {
    const named = issuers.find((issuer) => issuer.id === id);
    if (named !== undefined) return ok(named);
    return misused(
      `No allowed issuer has the id ${printable(id)}${endWithSuggestion(id, ids)}`,
      `Give --issuer one of these ids: ${ids.join(", ")}.`,
    );
  }
  const found = typeof iss === "string" ? config.issuers.get(iss) : undefined;
  if (found !== undefined) return ok(found);
  if (iss === undefined) {
    return misused(
      "The claims have no iss, so their issuer is not known.",
      `Add iss to the claims, or give --issuer one of these ids: ${ids.join(", ")}.`,
    );
  }
  return failed(
    "issuer_not_allowed",
    `The trust document does not allow the issuer ${printable(JSON.stringify(iss))}${endWithSuggestion(String(iss), config.issuers.keys())}`,
    "Add it to allowedIssuers exactly as the token has it, with the same case, path and slash at the end.",
  );
}

import type { SubjectTokenSource } from "../shared/client/exchange.ts";
import { type IdTokenFailure, type IdTokenService, requestIdToken } from "../shared/client/id-token.ts";
import { unverifiedJwt } from "../shared/client/unverified-jwt.ts";
import type { JsonObject } from "../shared/json.ts";
import { err } from "../shared/result.ts";
import type { ActionPorts } from "./ports.ts";

/** Why the job has no ID token. */
export type JobTokenFailure =
  | IdTokenFailure
  /** The runner offers this job no token service. */
  | { readonly code: "id_token_not_offered" };

/** The ID tokens of this job, one for each attempt. */
export interface IdTokens {
  readonly next: SubjectTokenSource<JobTokenFailure>;
  /** What the last one says of the job, for display. */
  readonly lastClaims: () => JsonObject | undefined;
}

/** Each token is masked before anything else is done with it. */
export function idTokensOf(
  service: IdTokenService | undefined,
  audience: string,
  ports: ActionPorts,
): IdTokens {
  let claims: JsonObject | undefined;
  const next: IdTokens["next"] = async (signal) => {
    if (service === undefined) return err({ retryable: false, failure: { code: "id_token_not_offered" } });
    const token = await requestIdToken(service, audience, ports, signal);
    if (!token.ok) return token;
    ports.mask(token.value);
    claims = unverifiedJwt(token.value)?.claims;
    return token;
  };
  return { next, lastClaims: () => claims };
}

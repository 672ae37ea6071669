import { fetchedUrlProblem } from "../compile/issuer-url.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { Problem } from "../model/problem.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { note, warning } from "./finding.ts";

/** Lints of `allowedIssuers`. */
export function issuerLints(config: TrustConfig): readonly Problem[] {
  return [...config.issuers.values()].flatMap((issuer, index) => [
    ...(config.policies.has(issuer.id) ? [] : [unusedIssuer(issuer, index)]),
    ...(issuer.keys.from === "inline" ? [inlineKeysRotate(issuer, index)] : []),
  ]);
}

function unusedIssuer({ id }: AllowedIssuer, index: number): Problem {
  const message = `no policy names the issuer ${id}, so its tokens get nothing; write a policy or remove the issuer`;
  return note(["allowedIssuers", index], "unused-issuer", message);
}

function inlineKeysRotate({ id, issuer }: AllowedIssuer, index: number): Problem {
  const isReachable = fetchedUrlProblem(issuer) === undefined;
  const advice = isReachable
    ? "remove jwks, and the exchange fetches the keys"
    : "write jwksURI instead if the keys are published anywhere";
  const message = `when ${id} changes its keys, the exchange refuses its jobs until you replace these keys; ${advice}`;
  return (isReachable ? warning : note)(["allowedIssuers", index, "jwks"], "inline-keys-rotate", message);
}

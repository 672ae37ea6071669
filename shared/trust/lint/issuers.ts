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
  const message = `no policy is for ${id}, so its tokens get nothing; write a policy or remove the issuer`;
  return note(["allowedIssuers", index], "unused-issuer", message);
}

function inlineKeysRotate({ id, issuer }: AllowedIssuer, index: number): Problem {
  const isReachable = fetchedUrlProblem(issuer) === undefined;
  const advice = isReachable
    ? "leave jwks out, and they are fetched"
    : "write jwksURI if they are published anywhere";
  const message = `once ${id} changes its keys, its jobs are refused until these are replaced; ${advice}`;
  return (isReachable ? warning : note)(["allowedIssuers", index, "jwks"], "inline-keys-rotate", message);
}

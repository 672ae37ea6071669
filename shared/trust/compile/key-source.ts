import { discoveryUrl } from "../../jwk/discovery-url.ts";
import { judgeKeys, usableKeys } from "../../jwk/key-set.ts";
import type { Path } from "../../shape.ts";
import type { IssuerEntry } from "../document/shapes.ts";
import type { KeySource } from "../model/issuer.ts";
import { errorAt, type Report, type Rule } from "../model/problem.ts";
import { discoveredIssuerProblem, fetchedUrlProblem } from "./issuer-url.ts";

/** Compiles where an issuer's keys come from: `jwks`, `jwksURI`, or discovery where neither is written. */
export function compileKeySource(entry: IssuerEntry, at: Path, report: Report): KeySource | undefined {
  const { issuer, jwks, jwksURI } = entry;
  const refuse = (name: string, rule: Rule, message: string): undefined => {
    report(errorAt([...at, name], rule, message));
  };
  if (jwks !== undefined && jwksURI !== undefined) {
    return refuse("jwksURI", "contradiction", "the issuer has both jwks and jwksURI; keep one of the two");
  }
  if (jwks !== undefined) return { from: "inline", keys: usableKeys(judgeKeys(jwks.keys, "sig")) };
  if (jwksURI !== undefined) {
    const problem = fetchedUrlProblem(jwksURI);
    return problem === undefined
      ? { from: "jwksURI", uri: jwksURI }
      : refuse("jwksURI", "issuer-url", `jwksURI ${problem}`);
  }
  const problem = discoveredIssuerProblem(issuer);
  return problem === undefined
    ? { from: "discovery", uri: discoveryUrl(issuer) }
    : refuse("issuer", "issuer-url", `the issuer, which is fetched for discovery, ${problem}`);
}

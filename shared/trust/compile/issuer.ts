import type { Path } from "../../shape.ts";
import type { IssuerEntry } from "../document/shapes.ts";
import { type AllowedIssuer, ISSUER_TYPES, type KeySource } from "../model/issuer.ts";
import { PRESETS } from "../model/preset.ts";
import { errorAt, type Report, type Rule } from "../model/problem.ts";
import { compileInlineKeys } from "./inline-keys.ts";
import { discoveredIssuerProblem, discoveryUrl, fetchedUrlProblem } from "./issuer-url.ts";

/** @returns the issuer, or `undefined` where anything in it was reported. */
export function compileIssuer(
  entry: IssuerEntry,
  ownIssuer: string | undefined,
  at: Path,
  report: Report,
): AllowedIssuer | undefined {
  let good = true;
  const refuse = (name: string, rule: Rule, message: string): void => {
    good = false;
    report(errorAt([...at, name], rule, message));
  };
  if (ownIssuer !== undefined && withoutSlash(entry.issuer) === withoutSlash(ownIssuer)) {
    refuse(
      "issuer",
      "own-issuer",
      "this exchange's own issuer can't be allowed: its SVIDs would buy new SVIDs; remove the entry",
    );
  }
  const owner = ISSUER_TYPES.find((type) => PRESETS[type].owns(entry.issuer));
  if (owner !== undefined && owner !== entry.type) {
    refuse(
      "type",
      "issuer-type",
      `${entry.issuer} is of type ${owner}, whose guards must not be left out; write type: ${owner}`,
    );
  }
  const keys = keySourceOf(entry, at, (problem) => {
    good = false;
    report(problem);
  });
  const preset = PRESETS[entry.type];
  const replay = entry.replay ?? preset.replay;
  if (!good || keys === undefined) return undefined;
  return {
    id: entry.id,
    type: entry.type,
    issuer: entry.issuer,
    audience: entry.audience ?? ownIssuer ?? "",
    keys,
    algorithms: entry.algorithms ?? preset.algorithms,
    maxTokenAgeSeconds: entry.maxTokenAge ?? preset.maxTokenAgeSeconds,
    clockSkewSeconds: entry.clockSkew ?? 60,
    replay,
    requiredClaims: replay === "off" ? preset.requiredClaims : [...preset.requiredClaims, "jti"],
  };
}

function keySourceOf(entry: IssuerEntry, at: Path, report: Report): KeySource | undefined {
  const { issuer, jwks, jwksURI } = entry;
  const refuse = (name: string, rule: Rule, problem: string): undefined => {
    report(errorAt([...at, name], rule, problem));
  };
  if (jwks !== undefined && jwksURI !== undefined) {
    return refuse("jwksURI", "contradiction", "jwks and jwksURI are both here; keep one");
  }
  if (jwks !== undefined) {
    const algorithms = entry.algorithms ?? PRESETS[entry.type].algorithms;
    return {
      from: "inline",
      keys: compileInlineKeys(jwks.keys, algorithms, [...at, "jwks", "keys"], report),
    };
  }
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

function withoutSlash(issuer: string): string {
  return issuer.replace(/\/+$/, "");
}

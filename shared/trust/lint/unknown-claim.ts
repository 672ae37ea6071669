import { didYouMean } from "../../nearest-word.ts";
import type { Path } from "../../shape.ts";
import type { Attribute } from "../model/attribute.ts";
import { type AllowedIssuer, ISSUER_TYPES, type IssuerType } from "../model/issuer.ts";
import { KNOWN_CLAIMS } from "../model/known-claims.ts";
import type { Problem } from "../model/problem.ts";
import { spiffeIdPlaceholders } from "../model/template.ts";
import { claimOf } from "./claim.ts";
import { allConditions, policyPath, type Subject, warning } from "./finding.ts";

export function unknownClaims({ policy, issuer }: Subject) {
  return [
    ...allConditions(policy).flatMap(({ condition, path }) =>
      unknownClaim(condition.attribute, issuer, path),
    ),
    ...spiffeIdPlaceholders(policy.spiffeId).flatMap(({ attribute }) =>
      unknownClaim(attribute, issuer, policyPath(policy, "spiffeId")),
    ),
  ];
}

function unknownClaim(attribute: Attribute, issuer: AllowedIssuer, path: Path): readonly Problem[] {
  const claim = claimOf(attribute, issuer);
  if (claim?.known !== "unknown") return [];
  const message = `${issuer.type} tokens are not known to have the claim ${claim.name}${hint(claim.name, issuer.type)}`;
  return [warning(path, "unknown-claim", message)];
}

function hint(name: string, type: IssuerType): string {
  const near = didYouMean(name, Object.keys(KNOWN_CLAIMS[type] ?? {}));
  if (near !== "") return near;
  const other = ISSUER_TYPES.find((one) => Object.hasOwn(KNOWN_CLAIMS[one] ?? {}, name));
  return other === undefined
    ? "; check its spelling"
    : `, but ${other} tokens have it; write a claim of ${type} tokens`;
}

import type { Path } from "../../shape.ts";
import type { Attribute } from "../model/attribute.ts";
import type { Condition } from "../model/condition.ts";
import { DERIVED } from "../model/derived.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { errorAt, type Report } from "../model/problem.ts";
import {
  type ClaimsTemplate,
  claimsPlaceholders,
  type SpiffeIdTemplate,
  spiffeIdPlaceholders,
} from "../model/template.ts";

/** The parts of a policy that look at attributes. */
interface Parts {
  readonly match: readonly Condition[];
  readonly deny: readonly (readonly Condition[])[];
  readonly spiffeId: SpiffeIdTemplate | undefined;
  readonly claims: ClaimsTemplate | undefined;
}

/** Refuses attributes that the issuer's type does not derive: no token has them. */
export function checkDerived(parts: Parts, issuer: AllowedIssuer, at: Path, report: Report): void {
  for (const { attribute, path } of attributesUsed(parts)) {
    if (attribute.kind !== "derived" || DERIVED[attribute.name].type === issuer.type) continue;
    const message = `tokens of type ${issuer.type} have no ${attribute.name}; write jwt.claim.NAME, or an attribute that this type derives`;
    report(errorAt([...at, ...path], "attribute", message));
  }
}

interface AttributeUse {
  readonly attribute: Attribute;
  /** Within the policy. */
  readonly path: Path;
}

function attributesUsed({ match, deny, spiffeId, claims }: Parts): readonly AttributeUse[] {
  const inConditions = (conditions: readonly Condition[], ...path: Path) =>
    conditions.map(({ attribute, key }) => ({ attribute, path: [...path, key] }));
  const inTemplate = (placeholders: readonly { attribute: Attribute }[], entry: string) =>
    placeholders.map(({ attribute }) => ({ attribute, path: [entry] }));
  return [
    ...inConditions(match, "match"),
    ...deny.flatMap((conditions, index) => inConditions(conditions, "deny", index)),
    ...inTemplate(spiffeId === undefined ? [] : spiffeIdPlaceholders(spiffeId), "spiffeId"),
    ...inTemplate(claims === undefined ? [] : claimsPlaceholders(claims), "claims"),
  ];
}

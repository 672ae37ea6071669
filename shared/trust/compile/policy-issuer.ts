import type { Path } from "../../shape.ts";
import type { Attribute } from "../model/attribute.ts";
import type { Condition } from "../model/condition.ts";
import { DERIVED, type DerivedName, isDerivedName } from "../model/derived.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { pinOf, sharedIssuer } from "../model/shared-issuer.ts";
import { type ClaimsTemplate, claimPlaces } from "./claims-template.ts";
import { type SpiffeIdTemplate, templatePlaces } from "./spiffe-id-template.ts";

/** The parts of a policy that look at attributes. */
interface Parts {
  readonly match: readonly Condition[];
  readonly deny: readonly (readonly Condition[])[];
  readonly spiffeId: SpiffeIdTemplate | undefined;
  readonly claims: ClaimsTemplate | undefined;
}

interface DerivedUse {
  readonly name: DerivedName;
  /** Within the policy. */
  readonly path: Path;
}

/** Where a policy looks at derived attributes. */
export function derivedUses({ match, deny, spiffeId, claims }: Parts): readonly DerivedUse[] {
  const uses: DerivedUse[] = [];
  const look = (attribute: Attribute, ...path: Path) => {
    if (isDerivedName(attribute.name)) uses.push({ name: attribute.name, path });
  };
  for (const { attribute, key } of match) look(attribute, "match", key);
  deny.forEach((entry, index) => {
    for (const { attribute, key } of entry) look(attribute, "deny", index, key);
  });
  for (const { attribute } of spiffeId === undefined ? [] : templatePlaces(spiffeId))
    look(attribute, "spiffeId");
  for (const { attribute } of claims === undefined ? [] : claimPlaces(claims)) look(attribute, "claims");
  return uses;
}

/** An attribute that the issuer's type does not derive would never be there: a condition on it is a mistake. */
export function checkDerived(
  uses: readonly DerivedUse[],
  issuer: AllowedIssuer,
  at: Path,
  report: Report,
): void {
  for (const { name, path } of uses) {
    if (DERIVED[name].type === issuer.type) continue;
    const message = `tokens of type ${issuer.type} have no ${name}; write jwt.claim.NAME, or an attribute that this type derives`;
    report(errorAt([...at, ...path], "attribute", message));
  }
}

/** On an issuer that many tenants share, a policy that holds no tenant is everybody's. */
export function checkPin(match: readonly Condition[], issuer: AllowedIssuer, at: Path, report: Report): void {
  const shared = sharedIssuer(issuer.issuer);
  if (shared === undefined || match.length === 0 || pinOf(shared, match) !== "none") return;
  const pins = shared.ids.slice(0, 2).join(" or ");
  const message = `jobs of every customer of ${issuer.issuer} can match; add ${pins} with an exact value`;
  report(errorAt([...at, "match"], "unpinned-shared-issuer", message));
}

import { literalPrefix } from "../../glob.ts";
import type { Path } from "../../shape.ts";
import { type Condition, literalsOf } from "../model/condition.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { type SharedIssuer, sharedIssuer } from "../model/shared-issuer.ts";

/** How firmly a policy holds a tenant: by an id, which never changes; by a name, which another tenant may take; not at all. */
export type Pin = "id" | "name" | "none";

/** Refuses a policy that names no tenant of an issuer that many tenants share: everybody's jobs could match it. */
export function checkPin(match: readonly Condition[], issuer: AllowedIssuer, at: Path, report: Report): void {
  const shared = sharedIssuer(issuer.issuer);
  if (shared === undefined || match.length === 0 || pinOf(shared, match) !== "none") return;
  const pins = shared.ids.slice(0, 2).join(" or ");
  const message = `jobs of every customer of ${issuer.issuer} can match; add ${pins} with an exact value`;
  report(errorAt([...at, "match"], "unpinned-shared-issuer", message));
}

export function pinOf(shared: SharedIssuer, match: readonly Condition[]): Pin {
  if (match.some((condition) => isIdPin(shared, condition))) return "id";
  return match.some((condition) => isNamePin(shared, condition)) ? "name" : "none";
}

/**
 * The conditions of `match` that hold a policy to its tenant: those on ids; else those on names; else those on values
 * that say more than a name, such as the ref. None on an issuer that one tenant has alone.
 */
export function tenantConditions(
  match: readonly Condition[],
  { issuer }: AllowedIssuer,
): readonly Condition[] {
  const shared = sharedIssuer(issuer);
  if (shared === undefined) return [];
  const ids = match.filter((condition) => isIdPin(shared, condition));
  if (ids.length > 0) return ids;
  const names = match.filter((condition) => isNamePin(shared, condition));
  const alone = names.filter(({ attribute }) => shared.names[attribute.name]?.saysMore !== true);
  return alone.length > 0 ? alone : names;
}

function isIdPin(shared: SharedIssuer, condition: Condition): boolean {
  return literalsOf(condition) !== undefined && shared.ids.includes(condition.attribute.name);
}

function isNamePin(shared: SharedIssuer, { attribute, matcher }: Condition): boolean {
  const rule = shared.names[attribute.name];
  if (rule === undefined || matcher.kind !== "any-of") return false;
  const literalsPin = [...matcher.literals].every((literal) => rule.literal.test(literal));
  return literalsPin && matcher.globs.every((glob) => rule.globPrefix.test(literalPrefix(glob.pattern)));
}

import { type JsonObject, type JsonValue, memberAt } from "../../json.ts";
import type { SpiffeId } from "../../spiffe-id.ts";
import type { Grant } from "../../svid.ts";
import type { VerifiedSvid } from "../../verify/svid.ts";
import type { SvidAttribute } from "./svid-attribute.ts";

declare const svidAttributesBrand: unique symbol;

/** What the rules of an application may look at of its caller. Made only by the functions of this file. */
export interface SvidAttributes {
  readonly spiffeId: SpiffeId;
  /** The claims that a policy gave. Registered claims may be among them; no attribute names one. */
  readonly claims: JsonObject;
  readonly [svidAttributesBrand]: true;
}

/** @param caller an SVID that holds, or what the policies grant to the job whose ID token holds. */
export function svidAttributesOf(caller: VerifiedSvid | Grant): SvidAttributes {
  return supposedSvidAttributesOf(caller);
}

/** The attributes of an SVID that nobody has verified: for offline tools alone, which let nobody in. */
export function supposedSvidAttributesOf({
  spiffeId,
  claims,
}: {
  readonly spiffeId: SpiffeId;
  readonly claims: JsonObject;
}): SvidAttributes {
  return { spiffeId, claims } as SvidAttributes;
}

/** @returns the attribute's value, or `undefined` where the SVID has none. JSON null is none. */
export function svidAttributeValue(
  { spiffeId, claims }: SvidAttributes,
  attribute: SvidAttribute,
): JsonValue | undefined {
  return attribute.kind === "svid-id" ? spiffeId : memberAt(claims, attribute.path);
}

import { type Denial, deny } from "../../denial.ts";
import type { Attributes } from "../model/attributes.ts";
import type { PolicyIndex } from "../model/policy-index.ts";
import type { DenialMode } from "../model/trust-config.ts";
import { choosePolicy } from "./selection.ts";
import { tenantView } from "./view.ts";

/** What is told to whom no policy may be spoken of: the same whatever was asked, and whatever policies there are. */
const NOTHING_TOLD = deny("policy_denied", "The exchange grants this token no SVID for this request.");

/** A refusal, and what it was decided by. */
interface Refused {
  readonly reason: Denial;
  /** A policy was chosen, and then the audience or the identity was refused. */
  readonly hasChosen: boolean;
  /** Absent where the issuer has no policy. */
  readonly index: PolicyIndex | undefined;
  readonly attributes: Attributes;
  /** The name of the policy that was asked for. */
  readonly name: string | undefined;
}

/**
 * What the caller is told of a refusal. A tenant of an issuer that many share is told what it would be told if there were
 * its own policies alone: those whose tenant the token is of. Whoever has none is told nothing.
 *
 * @returns the denial to answer with. Where it says less than the reason, the reason is its cause.
 */
export function disclose(refused: Refused, mode: DenialMode): Denial {
  const { reason } = refused;
  const answer = mode === "none" ? NOTHING_TOLD : answerToTenant(refused);
  return JSON.stringify(answer) === JSON.stringify(reason) ? reason : { ...answer, cause: reason };
}

function answerToTenant({ reason, hasChosen, index, attributes, name }: Refused): Denial {
  if (index === undefined) return NOTHING_TOLD;
  // A policy that the token meets is its tenant's own.
  if (hasChosen || index.tenantAttributes.size === 0) return reason;
  const view = tenantView(index, attributes);
  if (view === undefined) return NOTHING_TOLD;
  const chosen = choosePolicy(index, attributes, name, view);
  return chosen.ok ? NOTHING_TOLD : chosen.error;
}

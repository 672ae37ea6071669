import type { DenialCode } from "../../denial.ts";
import { object, optional } from "../../object-shape.ts";
import { choice, dictionary, json } from "../../shape.ts";
import { audience, duration, HOUR, MINUTE, name, pattern, svidAlgorithm, template } from "./fields.ts";

/** What a document's own test may expect: everything that depends on the document alone. */
const DECISION_DENIALS = [
  "token_claim_missing",
  "guard_refused",
  "policy_unknown",
  "policy_denied",
  "ambiguous_policy",
  "audience_required",
  "audience_refused",
  "identity_refused",
] as const satisfies readonly DenialCode[];

const expectShape = object({
  denied: optional(choice(...DECISION_DENIALS)),
  policy: optional(name),
  spiffeId: optional(template),
  audience: optional(audience),
  algorithm: optional(svidAlgorithm),
  ttl: optional(duration(MINUTE, HOUR)),
  claims: optional(json),
});

/** The shape of an entry of `tests`. The exchange never reads one. */
export const testShape = object({
  name: pattern(/^[^\p{C}]{1,200}$/u, "one line that says what the test shows"),
  issuer: name,
  fixture: optional(pattern(/^[a-z-]+\/[a-z-]+$/, "the name of a fixture, such as github/push")),
  claims: optional(dictionary(json, { max: 200 })),
  policy: optional(name),
  audience: optional(audience),
  expect: expectShape,
});

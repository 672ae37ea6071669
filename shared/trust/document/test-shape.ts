import type { DenialCode } from "../../denial.ts";
import { object, optional, type ValueOf } from "../../object-shape.ts";
import { choice, dictionary, json, list, type Shape, text } from "../../shape.ts";
import { parseSpiffeId, type SpiffeId } from "../../spiffe-id.ts";
import { audience, duration, HOUR, MINUTE, name, pattern, svidAlgorithm, template } from "./fields.ts";

/** The shapes of an entry of `tests`. The exchange never reads one. */

/** What a document's own test may expect of the policies: everything that depends on the document alone. */
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

const job = {
  fixture: optional(pattern(/^[a-z-]+\/[a-z-]+$/, "the name of a fixture, such as github/push")),
  claims: optional(dictionary(json, { max: 200 })),
  policy: optional(name),
};
const testName = pattern(/^[^\p{C}]{1,200}$/u, "one line that says what the test shows");

/** A test of the policies. */
export const testShape = object({
  name: testName,
  issuer: name,
  ...job,
  audience: optional(audience),
  expect: object({
    denied: optional(choice(...DECISION_DENIALS)),
    policy: optional(name),
    spiffeId: optional(template),
    audience: optional(audience),
    algorithm: optional(svidAlgorithm),
    ttl: optional(duration(MINUTE, HOUR)),
    claims: optional(json),
  }),
});

const spiffeId: Shape<SpiffeId> = text("a SPIFFE ID, such as spiffe://ci.example.org/ci/7", (value) => {
  const parsed = parseSpiffeId(value);
  return parsed.ok ? parsed.value : undefined;
});

const texts = list(pattern(/^[^\p{C}]{1,4096}$/u, "a text"), { min: 0, max: 1_000 });

const ACCESS_DENIALS = [
  ...DECISION_DENIALS,
  "caller_token_refused",
  "application_denied",
  "assertion_refused",
] as const satisfies readonly DenialCode[];

/** A test of an application: the caller is a job that gets an SVID by the policies, or an SVID. */
export const applicationTestShape = object({
  name: testName,
  application: name,
  issuer: optional(name),
  ...job,
  svid: optional(object({ id: spiffeId, claims: optional(dictionary(json, { max: 200 })) })),
  expect: object({
    denied: optional(choice(...ACCESS_DENIALS)),
    roles: optional(texts),
    traits: optional(json),
    username: optional(pattern(/^[^\p{C}]{1,4096}$/u, "a text")),
    headers: optional(dictionary(texts, { max: 100 })),
  }),
});

export type ApplicationTestEntry = ValueOf<typeof applicationTestShape>;

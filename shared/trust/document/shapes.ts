import { SUBJECT_TOKEN_ALGORITHMS } from "../../jws-algorithms.ts";
import { object, optional, type ValueOf } from "../../object-shape.ts";
import { ROTATE_EVERY } from "../../rotate-every.ts";
import { choice, json, list, type Shape, text } from "../../shape.ts";
import { parseTrustDomain } from "../../spiffe-id.ts";
import { SVID_ALGORITHMS } from "../../svid.ts";
import { ISSUER_TYPES, REPLAY_MODES } from "../model/issuer.ts";
import { DENIAL_MODES } from "../model/trust-config.ts";
import {
  audience,
  DAY,
  duration,
  HOUR,
  issuer,
  MINUTE,
  name,
  pattern,
  svidAlgorithm,
  template,
} from "./fields.ts";

/** The shapes of `trust.yaml`. What they can't say (references, templates, URLs) is judged where each part is compiled. */

/** How many entries a document may have. The scale tests cover as many policies. */
const MAX_POLICIES = 10_000;
const MAX_ISSUERS = 100;
const MAX_APPLICATIONS = 1_000;
const MAX_TESTS = 1_000;

const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

export const issuerShape = object({
  id: name,
  type: choice(...ISSUER_TYPES),
  issuer,
  audience: optional(audience),
  jwksURI: optional(issuer),
  jwks: optional(object({ keys: list(json, { max: 20 }) })),
  algorithms: optional(list(choice(...SUBJECT_TOKEN_ALGORITHMS), { max: SUBJECT_TOKEN_ALGORITHMS.length })),
  maxTokenAge: optional(duration(MINUTE, 30 * DAY)),
  clockSkew: optional(duration(0, MINUTE)),
  replay: optional(choice(...REPLAY_MODES)),
});

/** An audience that has an algorithm of its own. */
export const audienceWithAlgorithm = object({ audience, algorithm: svidAlgorithm });
const audienceEntry: Shape<string | ValueOf<typeof audienceWithAlgorithm>> = {
  read: (value, at, report) =>
    typeof value === "object" && value !== null
      ? audienceWithAlgorithm.read(value, at, report)
      : audience.read(value, at, report),
};

export const policyShape = object({
  name,
  issuer: name,
  match: json,
  deny: optional(list(json, { max: 32 })),
  spiffeId: template,
  audiences: list(audienceEntry, { max: 100 }),
  ttl: optional(duration(MINUTE, HOUR)),
  algorithm: optional(svidAlgorithm),
  claims: optional(json),
});

export const documentShape = object({
  version: choice(1),
  trustDomain: text(
    "a trust domain: lower-case letters, digits, dots, dashes and underscores, such as ci.example.org",
    (value) => {
      const parsed = parseTrustDomain(value);
      return parsed.ok ? parsed.value : undefined;
    },
  ),
  issuer,
  svid: optional(object({ ttl: optional(duration(MINUTE, HOUR)), algorithm: optional(svidAlgorithm) })),
  keys: optional(
    object({
      rotateEvery: optional(duration(ROTATE_EVERY.least, ROTATE_EVERY.most)),
      algorithms: optional(list(svidAlgorithm, { max: SVID_ALGORITHMS.length })),
      revoked: optional(
        list(pattern(THUMBPRINT, "a kid of 43 characters, as svid-exchange keys shows it"), {
          min: 0,
          max: 100,
        }),
      ),
    }),
  ),
  denials: optional(choice(...DENIAL_MODES)),
  allowedIssuers: list(json, { max: MAX_ISSUERS }),
  policies: list(json, { max: MAX_POLICIES }),
  applications: optional(list(json, { max: MAX_APPLICATIONS })),
  tests: optional(list(json, { max: MAX_TESTS })),
});

/** The top of the document as far as it is good. */
export type DocumentFields = Partial<ValueOf<typeof documentShape>>;
export type IssuerEntry = ValueOf<typeof issuerShape>;
export type PolicyEntry = ValueOf<typeof policyShape>;

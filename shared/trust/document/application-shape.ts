import { object, optional, type ValueOf } from "../../object-shape.ts";
import { choice, dictionary, json, list, type Shape } from "../../shape.ts";
import { ASSERTION_CLAIMS, CALLER_TOKENS, WEBSOCKET_LIMITS } from "../model/application.ts";
import { audience, duration, HALF_MINUTE, HOUR, name, pattern, svidAlgorithm } from "./fields.ts";

/** The shapes of `applications`. Hosts, origins, headers and templates are judged where they are compiled. */

const host = pattern(
  /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/,
  "the exact Host of the requests, in lower case, such as grafana.apps.example.org",
);
/** The address of an origin. */
export const address = pattern(
  /^https?:\/\/[^\s\p{C}]{1,1000}$/u,
  "an address such as https://grafana.corp.example",
);
const binding = pattern(
  /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
  "the name of a binding of wrangler.toml, such as GRAFANA",
);
const svidTemplate = pattern(
  /^[^\p{C}]{1,4096}$/u,
  "a text or a template, such as {{ svid.claim.repository }}",
);
const header = pattern(/^[\x21-\x7e]{1,64}$/, "the name of a header, such as Svid-Jwt-Assertion");
const headerLine = pattern(
  /^[^\p{C}]{1,4096}$/u,
  'a header, such as "Authorization: Bearer {{ internal.jwt }}"',
);

/** An origin that is reached through a binding. */
export const boundOrigin = object({
  service: optional(binding),
  vpc: optional(binding),
  certificate: optional(binding),
  url: optional(address),
});

export type OriginEntry = string | ValueOf<typeof boundOrigin>;

const origin: Shape<OriginEntry> = {
  read: (value, at, report) =>
    typeof value === "object" && value !== null
      ? boundOrigin.read(value, at, report)
      : address.read(value, at, report),
};

const ruleShape = object({
  match: json,
  roles: optional(list(svidTemplate, { min: 0, max: 64 })),
  traits: optional(dictionary(list(svidTemplate, { max: 64 }), { max: 32 })),
  username: optional(svidTemplate),
});

const assertionShape = object({
  header: optional(header),
  audience: optional(audience),
  claims: optional(choice(...ASSERTION_CLAIMS)),
  algorithm: optional(svidAlgorithm),
  ttl: optional(duration(HALF_MINUTE, HOUR)),
});

export const applicationShape = object({
  name,
  host,
  origin,
  audience: optional(audience),
  accept: optional(list(choice(...CALLER_TOKENS), { max: CALLER_TOKENS.length })),
  rules: list(ruleShape, { max: 100 }),
  assertion: optional(assertionShape),
  rewrite: optional(object({ headers: list(headerLine, { max: 32 }) })),
  websocketLimit: optional(choice(...WEBSOCKET_LIMITS)),
});

export type ApplicationEntry = ValueOf<typeof applicationShape>;
export type RuleEntry = ValueOf<typeof ruleShape>;

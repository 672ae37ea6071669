import { writeFileSync } from "node:fs";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import { conditionSchema } from "../shared/trust/document/condition-schema.ts";
import { documentShape } from "../shared/trust/document/shapes.ts";
import { canonicalName } from "../shared/trust/model/attribute.ts";
import { DERIVED } from "../shared/trust/model/derived.ts";
import { KNOWN_CLAIMS } from "../shared/trust/model/known-claims.ts";
import { FIXTURES } from "../shared/trust/tools/fixtures.ts";

/** What an editor shows over each entry, by its way from the top. `[]` is an item of a list. */
const HOVER: Readonly<Record<string, string>> = {
  version: "The version of this format: 1.",
  trustDomain: "The trust domain of every SPIFFE ID that is granted, such as ci.example.org.",
  issuer:
    "The exchange's own iss: https, without a trailing slash or query. Relying parties compare it byte for byte.",
  svid: "What holds for every SVID unless a policy says otherwise.",
  "svid.ttl": "Lifetime of SVIDs, 1m to 1h. Default 5m.",
  "svid.algorithm": "Signature algorithm of SVIDs. Default ES256; Microsoft Entra takes RS256 only.",
  keys: "The signing keys.",
  "keys.rotateEvery": "How often signing keys change, 1h to 90d. Default 7d.",
  "keys.algorithms": "Algorithms that keys are kept for. Default both.",
  "keys.revoked": "kids that leave every published document at once, and sign nothing.",
  allowedIssuers:
    "Whose tokens the exchange takes. Every other issuer is refused without any network request.",
  "allowedIssuers[].id": "The name that policies use.",
  "allowedIssuers[].type":
    "github or gitlab for these products (wherever they run), jwt for every other issuer.",
  "allowedIssuers[].issuer": "The exact iss of its tokens. Nothing is normalised.",
  "allowedIssuers[].audience": "What aud of its tokens must be. Default: the exchange's issuer.",
  "allowedIssuers[].jwksURI": "Where its keys are. Default: discovery below the issuer.",
  "allowedIssuers[].jwks":
    "Its public keys themselves. Nothing is fetched then, so the issuer may be private.",
  "allowedIssuers[].jwks.keys": "Public JWKs, each with its kid.",
  "allowedIssuers[].algorithms": "JWS algorithms of its tokens. Default RS256.",
  "allowedIssuers[].maxTokenAge":
    "Longest exp - iat, and longest time since iat. Default github 10m, gitlab 1d, jwt 1h.",
  "allowedIssuers[].clockSkew": "How far its clock may be off, up to 1m. Default 1m.",
  "allowedIssuers[].replay":
    "once: a token is taken once. per-audience: once for each audience. off: as often as it is valid. Default github once, gitlab per-audience, jwt off.",
  policies: "What each job may have. A job needs exactly one policy that matches, or names one.",
  "policies[].name": "What requests, answers and the audit log call this policy.",
  "policies[].issuer": "The id of an allowed issuer. No other issuer's tokens are judged by this policy.",
  "policies[].match": "Conditions by attribute, all of which must hold.",
  "policies[].deny": "A list of the same. None of them may hold as a whole.",
  "policies[].spiffeId":
    "A template: spiffe://{{ trustDomain }}/… with placeholders {{ attribute | filter }}. Filters: path, enc, hash, lower.",
  "policies[].audiences": "Audiences a job may ask for: a text, or {audience, algorithm}.",
  "policies[].audiences[].audience": "The audience, exactly.",
  "policies[].audiences[].algorithm": "What SVIDs for this audience are signed with.",
  "policies[].ttl": "Lifetime of its SVIDs, 1m to 1h.",
  "policies[].algorithm": "What its SVIDs are signed with.",
  "policies[].claims":
    "More claims of its SVIDs: JSON whose texts are templates. Registered claims can't be set.",
  tests: "What you expect of the policies. Run by svid-exchange test and before every apply.",
  "tests[].name": "One line that says what the test shows.",
  "tests[].issuer": "The id of the issuer of the token.",
  "tests[].fixture": "A typical token to start from, usual or hostile.",
  "tests[].claims": "Claims of the token; they replace those of the fixture, and null takes one away.",
  "tests[].policy": "The policy that the request names.",
  "tests[].audience": "The audience that the request asks for.",
  "tests[].expect": "Either denied, or any members of the grant.",
  "tests[].expect.denied": "The code of the refusal.",
  "tests[].expect.policy": "The policy that grants.",
  "tests[].expect.spiffeId": "The SPIFFE ID that is granted.",
  "tests[].expect.audience": "The audience of the SVID.",
  "tests[].expect.algorithm": "The algorithm of the SVID.",
  "tests[].expect.ttl": "The lifetime of the SVID.",
  "tests[].expect.claims": "The claims that the policy adds, all of them.",
};

/** The JSON Schema of `trust.yaml`: made of the shapes that read it, with text for people. */
export function trustSchema(): JsonObject {
  const used = new Set<string>();
  const described = describe(documentShape.schema, "", used);
  const unused = Object.keys(HOVER).filter((path) => !used.has(path));
  if (unused.length > 0) throw new Error(`no entry for the texts of ${unused.join(", ")}`);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Trust document of svid-exchange",
    ...(described as JsonObject),
    definitions: { condition: conditionSchema, conditions: conditionsSchema() },
  };
}

/** Conditions with the attributes that are known, for completion. Any claim of any name is allowed. */
function conditionsSchema(): JsonObject {
  const condition = { $ref: "#/definitions/condition" };
  const claims = Object.entries(KNOWN_CLAIMS).flatMap(([type, known]) =>
    Object.keys(known ?? {}).map((name) => [canonicalName([name]), type] as const),
  );
  const derived = Object.entries(DERIVED).map(([name, { type }]) => [name, type] as const);
  const byName = Map.groupBy([...claims, ...derived], ([name]) => name);
  const properties = Array.from(byName, ([name, rows]) => {
    const description = `Of ${rows.map(([, type]) => type).join(" and ")}. See docs/reference/attributes.md.`;
    return [name, { description, allOf: [condition] }];
  });
  return {
    type: "object",
    minProperties: 1,
    propertyNames: { pattern: "^(?:jwt\\.claim[.\\[]|github\\.|gitlab\\.)" },
    properties: Object.fromEntries(properties),
    additionalProperties: condition,
  };
}

function describe(schema: JsonValue, path: string, used: Set<string>): JsonValue {
  if (Array.isArray(schema)) return schema.map((item) => describe(item, path, used));
  if (!isJsonObject(schema)) return schema;
  const members = Object.entries(schema).map(([name, value]) => [
    name,
    describeMember(name, value, path, used),
  ]);
  return {
    ...Object.fromEntries(members),
    ...(path === "tests[].fixture" ? { enum: Object.keys(FIXTURES) } : {}),
  };
}

function describeMember(name: string, value: JsonValue, path: string, used: Set<string>): JsonValue {
  if (name === "items") return describe(value, `${path}[]`, used);
  if (name === "anyOf") return describe(value, path, used);
  if (name !== "properties" || !isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([entry, schema]) => {
    const below = path === "" ? entry : `${path}.${entry}`;
    const description = HOVER[below];
    if (description === undefined) throw new Error(`no text for ${below}`);
    used.add(below);
    return [entry, { description, ...(entrySchema(below, schema, used) as JsonObject) }];
  });
  return Object.fromEntries(entries);
}

function entrySchema(path: string, schema: JsonValue, used: Set<string>): JsonValue {
  const conditions = { $ref: "#/definitions/conditions" };
  if (path === "policies[].match") return { allOf: [conditions] };
  if (path === "policies[].deny") return { ...(schema as JsonObject), items: conditions };
  return describe(schema, path, used);
}

/** The text of the file: what `npm run schema` writes, and a test compares. */
export const schemaText = (): string => `${JSON.stringify(trustSchema(), null, 2)}\n`;

if (import.meta.main) writeFileSync("trust.schema.json", schemaText());

import { writeFileSync } from "node:fs";
import type { JsonObject } from "../shared/json.ts";
import { address, applicationShape, boundOrigin } from "../shared/trust/document/application-shape.ts";
import { conditionSchema } from "../shared/trust/document/condition-schema.ts";
import { audience } from "../shared/trust/document/fields.ts";
import {
  audienceWithAlgorithm,
  documentShape,
  issuerShape,
  policyShape,
} from "../shared/trust/document/shapes.ts";
import { applicationTestShape, testShape } from "../shared/trust/document/test-shape.ts";
import { canonicalName } from "../shared/trust/model/attribute.ts";
import { DERIVED } from "../shared/trust/model/derived.ts";
import { KNOWN_CLAIMS } from "../shared/trust/model/known-claims.ts";
import { SVID_ID } from "../shared/trust/model/svid-attribute.ts";
import { FIXTURES } from "../shared/trust/tools/fixtures.ts";
import { ENTRY_TEXTS } from "./schema-texts.ts";
import { type Elsewhere, schemaOf } from "./shape-schema.ts";

const CONDITIONS = { $ref: "#/definitions/conditions" };

/** What the exchange judges where it compiles the part, and `svid-exchange test` where it runs a test. */
const ELSEWHERE: Readonly<Record<string, Elsewhere>> = {
  "allowedIssuers[]": { shapes: [issuerShape] },
  "allowedIssuers[].jwks.keys[]": { members: { type: "object", required: ["kty", "kid"] } },
  "policies[]": { shapes: [policyShape] },
  "policies[].match": { members: { allOf: [CONDITIONS] } },
  "policies[].deny[]": { members: CONDITIONS },
  "policies[].audiences[]": { shapes: [audience, audienceWithAlgorithm] },
  "policies[].claims": { members: { type: "object", minProperties: 1 } },
  "applications[]": { shapes: [applicationShape] },
  "applications[].origin": { shapes: [address, boundOrigin] },
  "applications[].rules[].match": { members: { allOf: [{ $ref: "#/definitions/svidConditions" }] } },
  "tests[]": { shapes: [testShape, applicationTestShape] },
  "tests[].fixture": { members: { enum: Object.keys(FIXTURES) } },
  "tests[].claims.*": { members: {} },
  "tests[].expect.claims": { members: { type: "object" } },
  "tests[].expect.traits": { members: { type: "object" } },
  "tests[].svid.claims.*": { members: {} },
};

/** The JSON Schema of `trust.yaml`: made of the shapes that read it, with text for people. */
export function trustSchema(): JsonObject {
  const unused = new Set(Object.keys(ENTRY_TEXTS));
  const textOf = (path: string): string => {
    const text = ENTRY_TEXTS[path];
    if (text === undefined) throw new Error(`no text for ${path}`);
    unused.delete(path);
    return text;
  };
  const schema = schemaOf(documentShape, "", { textOf, elsewhere: ELSEWHERE });
  if (unused.size > 0) throw new Error(`no entry for the texts of ${[...unused].join(", ")}`);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Trust document of svid-exchange",
    ...schema,
    definitions: {
      condition: conditionSchema,
      conditions: conditionsSchema(),
      svidConditions: svidConditionsSchema(),
    },
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

/** Conditions on the SVID of an application's caller. */
function svidConditionsSchema(): JsonObject {
  const condition = { $ref: "#/definitions/condition" };
  const description = "The caller's SPIFFE ID.";
  return {
    type: "object",
    minProperties: 1,
    propertyNames: { pattern: "^svid\\.(?:id$|claim[.\\[])" },
    properties: { [SVID_ID.name]: { description, allOf: [condition] } },
    additionalProperties: condition,
  };
}

/** The text of the file: what `npm run schema` writes, and a test compares. */
export const schemaText = (): string => `${JSON.stringify(trustSchema(), null, 2)}\n`;

if (import.meta.main) writeFileSync("trust.schema.json", schemaText());

import type { JsonObject } from "../../json.ts";

const scalar = { type: ["string", "boolean", "integer"], minLength: 1 };
const glob = {
  type: "object",
  properties: { glob: { type: "string", minLength: 1 } },
  required: ["glob"],
  additionalProperties: false,
};
const anyOf = [scalar, glob, { type: "array", items: { anyOf: [scalar, glob] }, minItems: 1 }];
/** The JSON Schema of one condition, for editors: the forms that `compile/matcher.ts` takes. */
export const conditionSchema: JsonObject = {
  anyOf: [
    ...anyOf,
    { type: "object", properties: { not: { anyOf } }, required: ["not"], additionalProperties: false },
    {
      type: "object",
      properties: { exists: { type: "boolean" } },
      required: ["exists"],
      additionalProperties: false,
    },
  ],
};

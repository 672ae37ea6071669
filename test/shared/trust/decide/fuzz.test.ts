import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../../shared/json.ts";
import { parseSpiffeId } from "../../../../shared/spiffe-id.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { decide } from "../../../../shared/trust/decide/decide.ts";
import { supposedAttributesOf } from "../../../../shared/trust/model/attributes.ts";
import { documentWith } from "../sample-document.ts";

/** What a reader of the document takes a condition to mean: said again, as plainly as can be. */
function readerSays(condition: unknown, value: JsonValue | undefined): boolean {
  const present = value !== undefined && value !== null;
  const object = (typeof condition === "object" && !Array.isArray(condition) ? condition : {}) as JsonObject;
  if ("exists" in object) return object["exists"] === present;
  if (!present) return false;
  const texts = (Array.isArray(value) ? value : [value]) as readonly JsonValue[];
  if ("not" in object) {
    return texts.every((text) => isComparable(text) && !readerMatches(object["not"], text));
  }
  return texts.some((text) => isComparable(text) && readerMatches(condition, text));
}

const isComparable = (value: JsonValue) => value !== null && typeof value !== "object";

/** What a reader of the document takes a condition of `deny` to mean: in doubt, the job is denied. */
function readerDenies(condition: unknown, value: JsonValue | undefined): boolean {
  const object = (typeof condition === "object" && !Array.isArray(condition) ? condition : {}) as JsonObject;
  if ("exists" in object) return readerSays(condition, value);
  if (value === undefined) return "not" in object;
  const texts = (Array.isArray(value) ? value : [value]) as readonly JsonValue[];
  if (!texts.every(isComparable)) return true;
  return readerSays("not" in object ? object["not"] : condition, value) !== "not" in object;
}

function readerMatches(wanted: unknown, text: JsonValue): boolean {
  const wanteds: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  return wanteds.some((one) => {
    if (typeof one !== "object" || one === null) return String(one) === String(text);
    const source = String((one as JsonObject)["glob"])
      .split(/(\*\*|\*)/)
      .map((part) =>
        part === "**" ? "[\\s\\S]*" : part === "*" ? "[^/]*" : part.replace(/[.?+^$()[\]{}|\\/-]/g, "\\$&"),
      );
    return new RegExp(`^${source.join("")}$`).test(String(text));
  });
}

const claimOf = (attribute: string, claims: JsonObject): JsonValue | undefined =>
  claims[attribute.replace(/^jwt\.claim\.|^jwt\.claim\["|"\]$/g, "")];

function readerAllows(policy: JsonObject, claims: JsonObject): boolean {
  const all = (conditions: JsonValue | undefined, says: typeof readerSays) =>
    Object.entries(conditions as JsonObject).every(([name, wanted]) => says(wanted, claimOf(name, claims)));
  const deny = (policy["deny"] ?? []) as readonly JsonValue[];
  return all(policy["match"], readerSays) && !deny.some((entry) => all(entry, readerDenies));
}

/** Mostly good, now and then bad: a document of bad parts alone says nothing about decisions. */
const mostly = <T, U>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 14, arbitrary: good }, { weight: 1, arbitrary: bad });

const attribute = mostly(
  fc.constantFrom("jwt.claim.a", "jwt.claim.b", 'jwt.claim["c"]'),
  fc.constantFrom("jwt.claim.c", "a", "jwt.claim", "constructor"),
);
const good = fc.constantFrom<JsonValue>("x", "y", "xy", "1", "true", 1, true, "**");
const scalar = mostly(good, fc.constantFrom<JsonValue>("", 1.5, null));
const goodPattern = fc.record({ glob: fc.constantFrom<JsonValue>("x*", "**", "*", "x", "*y") });
const pattern = mostly(goodPattern, fc.record({ glob: fc.constantFrom<JsonValue>("***", "", 7) }));
const values = fc.oneof(
  scalar,
  pattern,
  fc.uniqueArray(fc.oneof(good, goodPattern), { minLength: 1, maxLength: 3 }),
);
const form = mostly(
  fc.oneof({ weight: 3, arbitrary: values }, fc.record({ not: values }), fc.record({ exists: fc.boolean() })),
  fc.constantFrom<JsonValue>({ globb: "x" }, { not: "x", exists: true }, { exists: "true" }, [], {}),
);
const conditions = fc
  .array(fc.tuple(attribute, form), { minLength: 1, maxLength: 3 })
  .map((entries) => Object.fromEntries(entries));
const policies = fc.array(
  fc.record({
    match: conditions,
    deny: fc.option(fc.array(conditions, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);
const claimValue = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<JsonValue>("x", "y", "xy", "z/x", "", "1", 1, true, null) },
  fc.array(fc.constantFrom<JsonValue>("x", "y", 1, true), { maxLength: 3 }),
  fc.constantFrom<JsonValue>({}, { x: "x" }, [["x"]], ["x", null]),
);
const claims = fc.dictionary(fc.constantFrom("a", "b", "c"), claimValue);

test("nothing is granted that a reader of the document would not grant", () => {
  let granted = 0;
  fc.assert(
    fc.property(policies, fc.array(claims, { minLength: 1, maxLength: 4 }), (list, tokens) => {
      const document = documentWith(list as unknown as JsonObject[]);
      const compiled = compileTrust(document);
      if (!compiled.ok) return;
      const issuer = compiled.value.issuers.get("https://ci.example.net");
      if (issuer === undefined) throw new Error("the issuer is lost");
      for (const token of tokens) {
        const read = (document["policies"] as readonly JsonObject[]).filter((policy) =>
          readerAllows(policy, token),
        );
        const decision = decide(compiled.value, issuer, supposedAttributesOf(issuer, token), {});
        expect(decision.ok ? [decision.value.policy] : "refused").toEqual(
          read.length === 1 ? [read[0]?.["name"]] : "refused",
        );
        if (!decision.ok && read.length > 1) expect(decision.error.code).toBe("ambiguous_policy");
        if (decision.ok) granted++;
      }
    }),
    { numRuns: 3_000 },
  );
  expect(granted).toBeGreaterThan(100);
});

test("an ID that is granted is one that the parser takes, whatever the template and the claims", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "/", ".", "{{", "}}", " jwt.claim.a ", "| path", "| enc", "-", "_", ":"),
    maxLength: 12,
  });
  let granted = 0;
  fc.assert(
    fc.property(text, fc.string({ unit: "binary", maxLength: 10 }), (template, value) => {
      const policy = { match: { "jwt.claim.b": "1" }, spiffeId: `spiffe://{{ trustDomain }}/${template}` };
      const compiled = compileTrust(documentWith([policy]));
      const issuer = compiled.ok ? compiled.value.issuers.get("https://ci.example.net") : undefined;
      if (!compiled.ok || issuer === undefined) return;
      const decision = decide(compiled.value, issuer, supposedAttributesOf(issuer, { a: value, b: "1" }), {});
      if (!decision.ok) return;
      granted++;
      expect(parseSpiffeId(decision.value.spiffeId).ok).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(granted).toBeGreaterThan(50);
});

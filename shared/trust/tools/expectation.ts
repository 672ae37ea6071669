import type { JsonValue } from "../../json.ts";
import type { Result } from "../../result.ts";
import type { Grant } from "../../svid.ts";
import type { DocumentTest, Expectation } from "../model/document-test.ts";
import type { Explanation } from "./explain.ts";

/** @returns what differs from the test's `expect`, a sentence each; none where the test passes. */
export function failuresOf(test: DocumentTest, explanation: Explanation): readonly string[] {
  const decision = decisionOn(test, explanation);
  const { denied } = test.expect;
  if (!decision.ok) {
    const { code, detail } = decision.error;
    const expected = denied ?? "a grant";
    return code === denied
      ? []
      : [`the test expects ${expected}, but the exchange answers ${code}: ${detail}`];
  }
  if (denied !== undefined) return [`the test expects ${denied}, but the exchange grants an SVID`];
  return differences(test.expect, decision.value);
}

/** A fixture is a whole token: where it lacks a claim, the exchange refuses it before any policy. Bare claims are no token. */
function decisionOn(
  { fixture }: DocumentTest,
  { missingClaims, outcome }: Explanation,
): Result<Grant, { readonly code: string; readonly detail: string }> {
  if (fixture === undefined || missingClaims.length === 0) return outcome;
  const detail = `the token lacks ${missingClaims.join(", ")}`;
  return { ok: false, error: { code: "token_claim_missing", detail } };
}

function differences(expect: Expectation, { ttlSeconds, ...granted }: Grant): readonly string[] {
  const actual: Readonly<Record<string, unknown>> = { ...granted, ttl: ttlSeconds };
  return Object.entries(expect).flatMap(([name, expected]) => {
    if (sameJson(expected as JsonValue, actual[name] as JsonValue)) return [];
    const [wanted, got] = [JSON.stringify(expected), JSON.stringify(actual[name])];
    return [`the test expects ${name} ${wanted}, but the exchange grants ${got}`];
  });
}

/** Equality of JSON values: the order of members does not count. */
function sameJson(left: JsonValue, right: JsonValue): boolean {
  return sorted(left) === sorted(right);
}

function sorted(value: JsonValue): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

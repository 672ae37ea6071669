import type { JsonObject, JsonValue } from "../../json.ts";
import { didYouMean } from "../../nearest-word.ts";
import type { Path } from "../../shape.ts";
import { supposedAttributesOf } from "../model/attributes.ts";
import type { DocumentTest } from "../model/document-test.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { issuersById, policiesOf, type TrustConfig } from "../model/trust-config.ts";
import { type Explanation, explain } from "./explain.ts";
import { FIXTURES, fixtureClaims, isFixtureName } from "./fixtures.ts";

/** What came of one of the document's own tests. */
export interface TestResult {
  readonly name: string;
  /** Where the test stands in the document. */
  readonly path: Path;
  /** What differs from `expect`, a sentence each; none where the test passes. */
  readonly failures: readonly string[];
  /** How the decision came about; absent where the test could not be run. */
  readonly explanation?: Explanation;
}

export interface TestReport {
  readonly results: readonly TestResult[];
  readonly passed: boolean;
  /** Policies that no passing test grants anything by, in the order of the document. */
  readonly untested: readonly string[];
}

/** Runs tests of a document with the evaluator of the exchange itself. Offline, without a clock. */
export function runDocumentTests(
  config: TrustConfig,
  tests: readonly DocumentTest[] = config.tests,
): TestReport {
  const issuers = issuersById(config);
  const results = tests.map((test, index) =>
    runTest(config, test, issuers.get(test.issuer), ["tests", index]),
  );
  const tested = new Set(results.flatMap(grantedPolicy));
  const untested = policiesOf(config).filter(({ name }) => !tested.has(name));
  return {
    results,
    passed: results.every(({ failures }) => failures.length === 0),
    untested: untested.map(({ name }) => name),
  };
}

function grantedPolicy({ failures, explanation }: TestResult): string[] {
  return failures.length === 0 && explanation?.outcome.ok === true ? [explanation.outcome.value.policy] : [];
}

function runTest(
  config: TrustConfig,
  test: DocumentTest,
  issuer: AllowedIssuer | undefined,
  path: Path,
): TestResult {
  const { name } = test;
  if (issuer === undefined) return { name, path, failures: [`no allowed issuer has the id ${test.issuer}`] };
  const problem = fixtureProblem(test, issuer);
  if (problem !== undefined) return { name, path, failures: [problem] };
  const attributes = supposedAttributesOf(issuer, claimsOf(test, issuer));
  const request = {
    ...(test.policy === undefined ? {} : { policy: test.policy }),
    ...(test.audience === undefined ? {} : { audience: test.audience }),
  };
  const explanation = explain(config, issuer, attributes, request);
  return { name, path, failures: compare(test, explanation), explanation };
}

function fixtureProblem({ fixture }: DocumentTest, issuer: AllowedIssuer): string | undefined {
  if (fixture === undefined) return undefined;
  const known = Object.keys(FIXTURES);
  if (!isFixtureName(fixture))
    return `there is no fixture ${fixture}${didYouMean(fixture, known) || `; write one of ${known.join(", ")}`}`;
  const { type } = FIXTURES[fixture];
  return type === issuer.type
    ? undefined
    : `${fixture} is a token of type ${type}, but the issuer ${issuer.id} is of type ${issuer.type}; use another fixture`;
}

function claimsOf(test: DocumentTest, issuer: AllowedIssuer): JsonObject {
  const overrides = test.claims ?? {};
  const { fixture } = test;
  const registered = { aud: issuer.audience, iss: issuer.issuer };
  if (fixture === undefined || !isFixtureName(fixture)) return { ...registered, ...overrides };
  return { ...registered, ...fixtureClaims(fixture, issuer.issuer, overrides) };
}

function compare({ expect, fixture }: DocumentTest, { missingClaims, outcome }: Explanation): string[] {
  // A fixture is a whole token: what it lacks, the exchange would refuse. Bare claims are only what a policy sees.
  const lacking = fixture !== undefined && missingClaims.length > 0;
  const denied = lacking ? "token_claim_missing" : outcome.ok ? undefined : outcome.error.code;
  const detail = lacking
    ? `the token lacks ${missingClaims.join(", ")}`
    : outcome.ok
      ? ""
      : outcome.error.detail;
  if (expect.denied !== undefined) {
    if (denied === expect.denied) return [];
    return [
      denied === undefined
        ? `the test expects ${expect.denied}, but the exchange grants an SVID`
        : `the test expects ${expect.denied}, but the exchange answers ${denied}: ${detail}`,
    ];
  }
  if (lacking || !outcome.ok)
    return [`the test expects a grant, but the exchange answers ${denied}: ${detail}`];
  const { ttlSeconds, ...granted } = outcome.value;
  const actual: Readonly<Record<string, unknown>> = { ...granted, ttl: ttlSeconds };
  return Object.entries(expect).flatMap(([name, expected]) =>
    sameJson(expected as JsonValue, actual[name] as JsonValue)
      ? []
      : [
          `the test expects ${name} ${JSON.stringify(expected)}, but the exchange grants ${JSON.stringify(actual[name])}`,
        ],
  );
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

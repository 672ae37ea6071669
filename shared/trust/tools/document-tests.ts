import type { JsonObject } from "../../json.ts";
import { didYouMean } from "../../nearest-word.ts";
import type { Path } from "../../shape.ts";
import { supposedAttributesOf } from "../model/attributes.ts";
import type { DocumentTest } from "../model/document-test.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { issuersById, policiesOf, type TrustConfig } from "../model/trust-config.ts";
import type { CheckedDocument } from "./check-document.ts";
import { failuresOf } from "./expectation.ts";
import { type Explanation, explain } from "./explain.ts";
import { FIXTURES, fixtureClaims, isFixtureName } from "./fixtures.ts";

/** The result of one of the document's own tests. */
export interface TestResult {
  readonly name: string;
  /** Where the test is in the document. */
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
export function runDocumentTests({ config, tests }: CheckedDocument): TestReport {
  const issuers = issuersById(config);
  const results = tests.map((test, index) =>
    runTest(config, test, issuers.get(test.issuer), ["tests", index]),
  );
  const tested = new Set(tests.flatMap((test, index) => grantedPolicy(test, results[index])));
  const untested = policiesOf(config).filter(({ name }) => !tested.has(name));
  return {
    results,
    passed: results.every(({ failures }) => failures.length === 0),
    untested: untested.map(({ name }) => name),
  };
}

/** The policy by which a passing test is granted an SVID. */
function grantedPolicy({ expect }: DocumentTest, result: TestResult | undefined): readonly string[] {
  const outcome = result?.failures.length === 0 ? result.explanation?.outcome : undefined;
  return expect.denied === undefined && outcome?.ok === true ? [outcome.value.policy] : [];
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
  return { name, path, failures: failuresOf(test, explanation), explanation };
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

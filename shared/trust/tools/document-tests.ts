import type { Path } from "../../shape.ts";
import { type DocumentTest, isApplicationTest } from "../model/document-test.ts";
import { policiesOf, type TrustConfig } from "../model/trust-config.ts";
import { runApplicationTest } from "./application-test.ts";
import type { CheckedDocument } from "./check-document.ts";
import type { Explanation } from "./explain.ts";
import type { ApplicationExplanation } from "./explain-application.ts";
import { runPolicyTest } from "./policy-test.ts";

/** The result of one of the document's own tests. */
export interface TestResult {
  readonly name: string;
  /** Where the test is in the document. */
  readonly path: Path;
  /** What differs from `expect`, a sentence each; none where the test passes. */
  readonly failures: readonly string[];
  /** How the policies decided; absent where they were not asked. */
  readonly explanation?: Explanation;
  /** How the application's rules decided; absent where they were not asked. */
  readonly application?: ApplicationExplanation;
}

export interface TestReport {
  readonly results: readonly TestResult[];
  readonly passed: boolean;
  /** Policies that no passing test grants anything by, in the order of the document. */
  readonly untested: readonly string[];
  /** Applications that no passing test lets anybody into, in the order of the document. */
  readonly untestedApplications: readonly string[];
}

/** Runs tests of a document with the evaluator of the exchange and of the gateway itself. Offline, without a clock. */
export function runDocumentTests({ config, tests }: CheckedDocument): TestReport {
  const results = tests.map((test, index) => ({
    name: test.name,
    path: ["tests", index],
    ...runTest(config, test),
  }));
  const proofs = results.filter(
    ({ failures }, index) => failures.length === 0 && !expectsDenial(tests[index]),
  );
  const policies = new Set(proofs.map(({ explanation }) => grantedPolicy(explanation)));
  const applications = new Set(proofs.map(({ application }) => application?.application));
  return {
    results,
    passed: results.every(({ failures }) => failures.length === 0),
    untested: policiesOf(config).flatMap(({ name }) => (policies.has(name) ? [] : [name])),
    untestedApplications: [...config.applications.values()].flatMap(({ name }) =>
      applications.has(name) ? [] : [name],
    ),
  };
}

function runTest(config: TrustConfig, test: DocumentTest): Omit<TestResult, "name" | "path"> {
  return isApplicationTest(test) ? runApplicationTest(config, test) : runPolicyTest(config, test);
}

function expectsDenial(test: DocumentTest | undefined): boolean {
  return test?.expect.denied !== undefined;
}

/** The policy by which a job is granted an SVID. */
function grantedPolicy(explanation: Explanation | undefined): string | undefined {
  return explanation?.outcome.ok === true ? explanation.outcome.value.policy : undefined;
}

import type { Grant } from "../../svid.ts";
import type { Expectation, PolicyTest, TestedJob } from "../model/document-test.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { type DecisionWords, difference, failuresOf, type TestedOutcome } from "./expectation.ts";
import { type Explanation, explain } from "./explain.ts";
import { jobOf } from "./tested-job.ts";

const WORDS: DecisionWords = {
  wanted: "a grant",
  denies: "the exchange answers",
  grants: "the exchange grants an SVID",
};

/** Runs a test of the policies. */
export function runPolicyTest(
  config: TrustConfig,
  test: PolicyTest,
): { readonly failures: readonly string[]; readonly explanation?: Explanation } {
  const job = jobOf(config, test);
  if (!job.ok) return { failures: [job.error] };
  const request = {
    ...(test.policy === undefined ? {} : { policy: test.policy }),
    ...(test.audience === undefined ? {} : { audience: test.audience }),
  };
  const explanation = explain(config, job.value.issuer, job.value.attributes, request);
  const outcome = outcomeFor(test, explanation);
  const failures = failuresOf(test.expect.denied, outcome, WORDS, (grant) => differences(test.expect, grant));
  return { failures, explanation };
}

/** A fixture is a whole token: where it lacks a claim, the exchange refuses it before any policy. Bare claims are no token. */
export function outcomeFor(
  { fixture }: TestedJob,
  { missingClaims, outcome }: Explanation,
): TestedOutcome<Grant> {
  if (fixture === undefined || missingClaims.length === 0) return outcome;
  const detail = `the token lacks ${missingClaims.join(", ")}`;
  return { ok: false, error: { code: "token_claim_missing", detail } };
}

function differences(expect: Expectation, { ttlSeconds, ...granted }: Grant): readonly string[] {
  const actual: Readonly<Record<string, unknown>> = { ...granted, ttl: ttlSeconds };
  return Object.entries(expect).flatMap(([name, expected]) =>
    difference(name, expected, actual[name], "the exchange grants"),
  );
}

import type { AssertionGrant } from "../../assertion.ts";
import { err, ok } from "../../result.ts";
import { trustDomainOf } from "../../spiffe-id.ts";
import type { Application } from "../model/application.ts";
import {
  type ApplicationTest,
  type AssertionExpectation,
  isSvid,
  type TestedJob,
} from "../model/document-test.ts";
import { foldedHeaderName } from "../model/header.ts";
import { type SvidAttributes, supposedSvidAttributesOf } from "../model/svid-attributes.ts";
import { applicationNamed, type TrustConfig } from "../model/trust-config.ts";
import { type DecisionWords, difference, failuresOf, type TestedRefusal } from "./expectation.ts";
import { type Explanation, explain } from "./explain.ts";
import { type ApplicationExplanation, explainApplication, type ShownHeader } from "./explain-application.ts";
import { outcomeFor } from "./policy-test.ts";
import { jobOf } from "./tested-job.ts";

const WORDS: DecisionWords = {
  wanted: "that the caller gets in",
  denies: "the answer is",
  grants: "the caller gets in",
};

export interface ApplicationTestResult {
  readonly failures: readonly string[];
  readonly explanation?: Explanation;
  readonly application?: ApplicationExplanation;
}

/** Runs a test of an application: a job first gets what the policies grant it for the application's audience. */
export function runApplicationTest(config: TrustConfig, test: ApplicationTest): ApplicationTestResult {
  const application = applicationNamed(config, test.application);
  if (application === undefined) return { failures: [`no application has the name ${test.application}`] };
  const { caller, expect } = test;
  if (isSvid(caller)) {
    if (trustDomainOf(caller.spiffeId) !== config.trustDomain)
      return { failures: ["the SVID is of another trust domain, which the gateway refuses before any rule"] };
    return judged(application, supposedSvidAttributesOf(caller), expect);
  }
  const job = jobCaller(config, caller, application);
  if (!job.ok) return { failures: [job.error] };
  const { explanation, outcome } = job.value;
  if (outcome.ok)
    return { explanation, ...judged(application, supposedSvidAttributesOf(outcome.value), expect) };
  const answer = application.accept.has("svid") ? outcome : err(gatewayRefusal(outcome.error));
  return { explanation, failures: failuresOf(expect.denied, answer, WORDS, () => []) };
}

/** A job whose ID token goes to the application straight is refused by the gateway, in words of its own. */
function gatewayRefusal({ code, detail }: TestedRefusal): TestedRefusal {
  return { code: code === "token_claim_missing" ? "caller_token_refused" : "application_denied", detail };
}

/** What the policies say of the job, or why there is no such job. */
function jobCaller(config: TrustConfig, tested: TestedJob, { audience, accept }: Application) {
  const isStraight = !accept.has("svid");
  if (isStraight && tested.policy !== undefined)
    return err("the application takes ID tokens alone, which name no policy; remove policy");
  const job = jobOf(config, tested, isStraight ? audience : undefined);
  if (!job.ok) return job;
  const request = tested.policy === undefined ? { audience } : { audience, policy: tested.policy };
  const explanation = explain(config, job.value.issuer, job.value.attributes, request);
  return ok({ explanation, outcome: outcomeFor(tested, explanation) });
}

function judged(application: Application, caller: SvidAttributes, expect: AssertionExpectation) {
  const explained = explainApplication(application, caller);
  const failures = failuresOf(expect.denied, explained.outcome, WORDS, (told) =>
    differences(expect, told, explained.headers),
  );
  return { application: explained, failures };
}

function differences(
  { roles, traits, username, headers = [] }: AssertionExpectation,
  told: AssertionGrant,
  shown: readonly ShownHeader[],
): readonly string[] {
  const members = Object.entries({ roles, traits, username }).flatMap(([name, expected]) => {
    const actual = told[name as "roles" | "traits" | "username"];
    return expected === undefined ? [] : difference(name, expected, actual, "the application gets");
  });
  return [
    ...members,
    ...headers.flatMap(([name, expected]) =>
      difference(`the header ${name}`, expected, valuesOf(name, shown), "the application gets"),
    ),
  ];
}

/** The values of a header, or `undefined` where there is none. */
function valuesOf(name: string, shown: readonly ShownHeader[]): readonly string[] | undefined {
  const found = shown.filter((header) => foldedHeaderName(header.name) === foldedHeaderName(name));
  return found.length === 0 ? undefined : found.map(({ value }) => value);
}

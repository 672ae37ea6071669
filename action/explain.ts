import type { AttemptFailure, ClientFailure } from "../shared/client/exchange.ts";
import { explainExchange } from "./explain-exchange-failure.ts";
import { explainIdToken } from "./explain-id-token-failure.ts";
import type { Advice, Explanation, Facts } from "./explanation.ts";
import type { JobTokenFailure } from "./id-token.ts";
import type { InputProblem } from "./inputs.ts";
import type { UnverifiedReason } from "./verify-svid.ts";

/** Every way in which the action ends without an SVID. */
export type ActionFailure =
  | { readonly code: "input_invalid"; readonly problems: readonly InputProblem[] }
  | ClientFailure<JobTokenFailure>
  | { readonly code: "svid_not_verified"; readonly reason: UnverifiedReason };

/** Turns a failure into what happened and what to change. Judges codes and the event, never a message. */
export function explain(failure: ActionFailure, facts: Facts): Explanation {
  if (failure.code === "input_invalid") return onOwnPage(inputAdvice(failure.problems));
  if (failure.code === "svid_not_verified") return onOwnPage(verificationAdvice(failure.reason, facts));
  if (failure.code !== "deadline_exceeded") return explainAttempt(failure, facts);
  const last = explainAttempt(failure.last, facts);
  const attempts = failure.attempts === 1 ? "one attempt" : `${failure.attempts} attempts`;
  const seconds = (facts.inputs?.timeoutMs ?? 0) / 1000;
  return {
    ...last,
    text: [...last.text, `The action ended after ${attempts} in ${seconds} s (input timeout).`],
  };
}

function explainAttempt(failure: AttemptFailure<JobTokenFailure>, facts: Facts): Explanation {
  if (failure.code === "no_subject_token") return onOwnPage(explainIdToken(failure.failure, facts.job));
  const advice = explainExchange(failure, facts);
  if (failure.code !== "refused" || failure.refusal.code === undefined) return onOwnPage(advice);
  return { ...advice, page: `reference/errors.md#${advice.code}`, checks: failure.refusal.checks };
}

function onOwnPage(advice: Advice): Explanation {
  return { ...advice, page: `reference/action.md#${advice.code}`, checks: [] };
}

function inputAdvice(problems: readonly InputProblem[]): Advice {
  return {
    code: "input_invalid",
    title: "The inputs of this step cannot be used",
    text: problems.map(({ input, problem }) => `Input ${input} ${problem}.`),
  };
}

const UNVERIFIED: Readonly<Record<UnverifiedReason, string>> = {
  metadata_unreadable: "The exchange's /.well-known/openid-configuration could not be read.",
  issuer_differs:
    "The exchange calls itself by another URL: set exchange-url to the issuer that its discovery document names.",
  keys_unreadable: "The exchange's published keys could not be read.",
  key_not_published: "The key that signed the SVID is not among the exchange's published keys.",
  signature_invalid: "The signature does not fit the published key.",
  expired: "The SVID has expired: compare the runner's clock.",
  claim_differs:
    "Its issuer, audience or SPIFFE ID is not what the exchange's answer said: set exchange-url to the issuer itself.",
  malformed: "It is not a JWT-SVID that services would take.",
};

function verificationAdvice(reason: UnverifiedReason, { inputs }: Facts): Advice {
  return {
    code: "svid_not_verified",
    title: "The SVID could not be verified, so no step gets it",
    text: [`${UNVERIFIED[reason]} (${reason})`, `Exchange: ${inputs?.exchangeUrl}`],
  };
}

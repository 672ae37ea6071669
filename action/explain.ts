import { describeUnread } from "../shared/client/describe-unread.ts";
import type { AttemptFailure, ClientFailure } from "../shared/client/exchange.ts";
import type { MintedFailure } from "../shared/client/verify-minted.ts";
import { type BackgroundFailure, isBackgroundFailure } from "./background-failure.ts";
import { explainBackground } from "./explain-background-failure.ts";
import { explainExchange } from "./explain-exchange-failure.ts";
import { explainIdToken } from "./explain-id-token-failure.ts";
import type { Advice, Explanation, Facts } from "./explanation.ts";
import type { JobTokenFailure } from "./id-token.ts";
import type { InputProblem } from "./inputs.ts";

/** Every way in which the action ends without an SVID. */
export type ActionFailure =
  | { readonly code: "input_invalid"; readonly problems: readonly InputProblem[] }
  | ClientFailure<JobTokenFailure>
  | BackgroundFailure
  | { readonly code: "svid_not_verified"; readonly failure: MintedFailure };

/** Turns a failure into what happened and what to change. Judges codes and the event, never a message. */
export function explain(failure: ActionFailure, facts: Facts): Explanation {
  if (failure.code === "input_invalid") return onOwnPage(inputAdvice(failure.problems));
  if (failure.code === "svid_not_verified") return onOwnPage(verificationAdvice(failure.failure, facts));
  if (isBackgroundFailure(failure)) return onOwnPage(explainBackground(failure, facts));
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

/** What to change, where the reason alone does not say it. */
const NEXT: { readonly [code in MintedFailure["code"]]?: string } = {
  issuer_differs: "Set exchange-url to the issuer that the discovery document names.",
  claim_iss: "Set exchange-url to the issuer of the exchange itself.",
  key_not_published: "Set exchange-url to the issuer of the exchange itself.",
  expired: "Check the clock of the runner.",
  claim_nbf: "Check the clock of the runner.",
  claim_iat: "Check the clock of the runner.",
};

function verificationAdvice(failure: MintedFailure, { inputs }: Facts): Advice {
  const what = "url" in failure ? describeUnread(failure).message : `The SVID ${failure.what}.`;
  const next = NEXT[failure.code];
  return {
    code: "svid_not_verified",
    title: "The SVID could not be verified, so no step gets it",
    text: [
      `${what} (${failure.code})`,
      ...(next === undefined ? [] : [next]),
      `The exchange is ${inputs?.exchangeUrl}.`,
    ],
  };
}

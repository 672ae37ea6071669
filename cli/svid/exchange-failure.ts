import { type AttemptFailure, type ClientFailure, rootFailure } from "../../shared/client/exchange.ts";
import { networkAdvice, type SettingNames } from "../../shared/client/network-advice.ts";
import { type Check, denialRow } from "../../shared/denial.ts";
import { printable } from "../../shared/printable.ts";
import type { ExchangeRefusal } from "../../shared/wire.ts";
import type { Failure } from "../outcome.ts";
import { ERRORS_PAGE } from "../pages.ts";
import type { ProxyState } from "../proxy.ts";

/** What a message about a failed exchange names. */
export interface FailureContext {
  /** Of the exchange. */
  readonly url: string;
  /** The audience that the ID token was requested for. */
  readonly audience: string;
  readonly proxy: ProxyState;
}

/** Explains a failed exchange to the user: what happened, and what to do next. */
export function explainFailure(failure: ClientFailure<Failure>, context: FailureContext): Failure {
  const explained = explain(rootFailure(failure), context);
  if (failure.code !== "deadline_exceeded") return explained;
  const tries = `Tried ${failure.attempts === 1 ? "once" : `${failure.attempts} times`} until --timeout ended.`;
  return { ...explained, details: [...(explained.details ?? []), tries] };
}

function explain(root: AttemptFailure<Failure>, context: FailureContext): Failure {
  switch (root.code) {
    case "refused":
      return refused(root.refusal, context);
    case "not_an_exchange":
      return {
        exit: 1,
        code: "not_an_exchange",
        message: `${context.url}/token returned status ${root.status} and not the response of an exchange.`,
        next: ["Give --exchange-url the base URL of the exchange: the iss of its SVIDs."],
      };
    case "redirected":
      return {
        exit: 1,
        code: "redirected",
        message: `${context.url}/token redirects${root.location === undefined ? "" : ` to ${printable(root.location)}`}. A token is sent only to the address of --exchange-url.`,
        next: ["Give --exchange-url the address that does not redirect."],
      };
    case "unreachable": {
      const { meaning, advice } = networkAdvice(root.cause, SETTINGS);
      return {
        exit: 1,
        code: `unreachable_${root.cause}`,
        message: `${context.url} could not be reached: ${meaning}${root.errno === undefined ? "" : ` (${root.errno})`}.`,
        next: [...UNUSED_PROXY[context.proxy], advice],
      };
    }
    case "no_subject_token":
      return root.failure;
  }
}

const SETTINGS: SettingNames = { url: "--exchange-url", timeout: "--timeout" };

const UNUSED_PROXY: Readonly<Record<ProxyState, readonly string[]>> = {
  none: [],
  used: [],
  unsupported: [
    "The environment names a proxy, but this version of Node does not use it. Use Node 24.14, or Node 22.21 with NODE_USE_ENV_PROXY=1.",
  ],
  malformed: ["HTTPS_PROXY or HTTP_PROXY is not a URL. Write it as http://proxy.example.org:3128"],
};

function refused(refusal: ExchangeRefusal, context: FailureContext): Failure {
  const { code, description, requestId, checks } = refusal;
  const about = code === undefined ? [] : [`See ${ERRORS_PAGE}#${code}`];
  return {
    exit: 1,
    code: code ?? refusal.error,
    message: `The exchange refused the request: ${printable(description)}`,
    details: [
      ...checks.map(checkLine),
      ...(requestId === undefined ? [] : [`request_id ${printable(requestId)}`]),
    ],
    next: [
      ...(code === "token_audience_mismatch" ? audienceNext(context) : []),
      ...retryNext(code),
      ...about,
    ],
  };
}

function audienceNext({ audience }: FailureContext): readonly string[] {
  return [
    `The ID token was requested for the audience ${audience}. Give --token-audience another one:`,
    "the audience of the issuer in the trust document, usually the URL of the exchange.",
  ];
}

function retryNext(code: ExchangeRefusal["code"]): readonly string[] {
  return code !== undefined && denialRow(code).retryable ? ["Run the job again in a minute."] : [];
}

/** One condition of a policy, with the value in this job's token. */
export function checkLine({ policy, attribute, value, pass }: Check): string {
  const shown = value === null ? "(not in the token)" : JSON.stringify(value);
  return `${pass ? "ok  " : "FAIL"} ${printable(policy)}: ${printable(attribute)} = ${printable(shown)}`;
}

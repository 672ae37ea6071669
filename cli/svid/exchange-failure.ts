import { type AttemptFailure, type ClientFailure, rootFailure } from "../../shared/client/exchange.ts";
import { networkAdvice, type SettingNames } from "../../shared/client/network-advice.ts";
import { type Check, denialRow } from "../../shared/denial.ts";
import type { ExchangeRefusal } from "../../shared/wire.ts";
import type { Failure } from "../outcome.ts";
import { ERRORS_PAGE } from "../pages.ts";
import type { ProxyState } from "../proxy.ts";
import { printable } from "../terminal/paint.ts";

/** What was asked, so that a failure can name it. */
export interface Asked {
  readonly url: string;
  /** The audience that the subject token was asked for. */
  readonly audience: string;
  readonly proxy: ProxyState;
}

/** Says what a failed exchange means to the person at the job. */
export function explainFailure(failure: ClientFailure<Failure>, asked: Asked): Failure {
  const explained = explain(rootFailure(failure), asked);
  if (failure.code !== "deadline_exceeded") return explained;
  const tries = `Tried ${failure.attempts === 1 ? "once" : `${failure.attempts} times`}; a longer --timeout tries for longer.`;
  return { ...explained, details: [...(explained.details ?? []), tries], transient: true };
}

function explain(root: AttemptFailure<Failure>, asked: Asked): Failure {
  switch (root.code) {
    case "refused":
      return refused(root.refusal, asked);
    case "not_an_exchange":
      return {
        exit: 1,
        code: "not_an_exchange",
        message: `${asked.url}/token answered with status ${root.status}, but not as an exchange does.`,
        next: ["Check --exchange-url: it is the base URL of the Worker, the issuer of its SVIDs."],
      };
    case "redirected":
      return {
        exit: 1,
        code: "redirected",
        message: `${asked.url}/token redirects${root.location === undefined ? "" : ` to ${printable(root.location)}`}. A token is sent only where you said.`,
        next: ["Give the address that answers itself as --exchange-url."],
      };
    case "unreachable": {
      const { meaning, advice } = networkAdvice(root.cause, SETTINGS);
      return {
        exit: 1,
        code: `unreachable_${root.cause}`,
        message: `${asked.url} could not be reached: ${meaning}${root.errno === undefined ? "" : ` (${root.errno})`}.`,
        next: [...UNUSED_PROXY[asked.proxy], advice],
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
    "A proxy is named in the environment, but this Node can't use it: Node 24.14 can, Node 22.21 with NODE_USE_ENV_PROXY=1.",
  ],
  malformed: ["HTTPS_PROXY or HTTP_PROXY is no URL; write it as http://proxy.example.org:3128"],
};

function refused(refusal: ExchangeRefusal, asked: Asked): Failure {
  const { code, description, requestId, checks } = refusal;
  const about = code === undefined ? [] : [`See ${ERRORS_PAGE}#${code}`];
  return {
    exit: 1,
    code: code ?? refusal.error,
    message: `The exchange refused: ${printable(description)}`,
    details: [
      ...checks.map(checkLine),
      ...(requestId === undefined ? [] : [`request_id ${printable(requestId)}`]),
    ],
    next: [...(code === "token_audience_mismatch" ? audienceNext(asked) : []), ...retryNext(code), ...about],
  };
}

function audienceNext({ audience }: Asked): readonly string[] {
  return [
    `The ID token was asked for with the audience ${audience}; --token-audience changes that.`,
    "It must be what the exchange's trust document names, usually the exchange's own URL.",
  ];
}

function retryNext(code: ExchangeRefusal["code"]): readonly string[] {
  return code !== undefined && denialRow(code).retryable ? ["Run the job again in a minute."] : [];
}

/** One condition as it met this job's own claim. */
export function checkLine({ policy, attribute, value, pass }: Check): string {
  const shown = value === null ? "(not in the token)" : JSON.stringify(value);
  return `${pass ? "ok  " : "FAIL"} ${printable(policy)}: ${printable(attribute)} = ${printable(shown)}`;
}

import type { AttemptFailure } from "../shared/client/exchange.ts";
import type { NetworkError } from "../shared/client/network.ts";
import { networkAdvice } from "../shared/client/network-advice.ts";
import type { DenialCode } from "../shared/denial.ts";
import type { JsonValue } from "../shared/json.ts";
import type { ExchangeRefusal } from "../shared/wire.ts";
import type { Advice, Facts } from "./explanation.ts";

type ExchangeFailure = Exclude<AttemptFailure<never>, { readonly code: "no_subject_token" }>;

/** Why the exchange, or what responds in its place, gave no SVID. */
export function explainExchange(failure: ExchangeFailure, facts: Facts): Advice {
  switch (failure.code) {
    case "refused":
      return refused(failure.refusal, facts);
    case "not_an_exchange":
      return notAnExchange(failure.status, facts);
    case "redirected":
      return redirected(failure.location, facts);
    case "unreachable":
      return unreachable(failure, facts);
  }
}

function refused(refusal: ExchangeRefusal, facts: Facts): Advice {
  const { code = "unknown_code", description, requestId } = refusal;
  return {
    code,
    title: `The exchange refused: ${code}`,
    text: [
      description,
      ...(OWN_FACTS[code]?.(facts) ?? []),
      ...(requestId === undefined ? [] : [`Request: ${requestId}`]),
    ],
  };
}

/** What only the job knows about a refusal: its inputs, and its own claims. */
const OWN_FACTS: { readonly [code in DenialCode | "unknown_code"]?: (facts: Facts) => string[] } = {
  token_audience_mismatch: ({ inputs, claims }) => [
    `The audience of the job's ID token is ${shown(claims?.["aud"] ?? inputs?.tokenAudience)}. Leave the input token-audience out to use exchange-url, or set it to the audience that the exchange's trust document names for this issuer.`,
  ],
  issuer_not_allowed: ({ claims }) => [`The issuer of the job's ID token is ${shown(claims?.["iss"])}.`],
  guard_refused: ({ job }) => [`The event of the job is ${shown(job.event)}.`],
  policy_unknown: ({ inputs }) => [`The input policy is ${shown(inputs?.policy)}.`],
  audience_refused: ({ inputs }) => [`The input audience is ${shown(inputs?.audience)}.`],
  audience_required: () => ["Set the input audience."],
  ambiguous_policy: () => ["Set the input policy."],
  not_found: (facts) => [
    `The request went to ${tokenUrl(facts)}. Set the input exchange-url to the exchange's issuer, without /token.`,
  ],
  unknown_code: () => ["This version of the action does not know the code. Use a newer version."],
};

function shown(value: JsonValue | undefined): string {
  return value === undefined || value === "" ? "not known" : JSON.stringify(value);
}

function tokenUrl({ inputs }: Facts): string {
  return `${inputs?.exchangeUrl}/token`;
}

function notAnExchange(status: number, facts: Facts): Advice {
  return {
    code: "not_an_exchange",
    title: `The server at exchange-url is not an exchange (status ${status})`,
    text: [
      `The request went to ${tokenUrl(facts)}. Set exchange-url to the issuer of your exchange, which its /.well-known/openid-configuration names.`,
    ],
  };
}

function redirected(location: string | undefined, facts: Facts): Advice {
  return {
    code: "exchange_redirected",
    title: "The server at exchange-url redirects, and a token is never sent to another address",
    text: [
      `${tokenUrl(facts)} redirects to ${location ?? "another place"}. Set exchange-url to the issuer of your exchange. If a login page protects the exchange, exempt /token from it.`,
    ],
  };
}

function unreachable({ cause, errno }: NetworkError, facts: Facts): Advice {
  const { meaning, advice } = networkAdvice(cause, { url: "exchange-url", timeout: "the input timeout" });
  return {
    code: "exchange_unreachable",
    title: `The exchange could not be reached (${cause}${errno === undefined ? "" : `, ${errno}`})`,
    text: [`${tokenUrl(facts)} could not be reached: ${meaning}. ${advice}`],
  };
}

import type { AttemptFailure } from "../shared/client/exchange.ts";
import type { NetworkCause, NetworkError } from "../shared/client/network.ts";
import type { DenialCode } from "../shared/denial.ts";
import type { JsonValue } from "../shared/json.ts";
import type { ExchangeRefusal } from "../shared/wire.ts";
import type { Explained, Facts } from "./explanation.ts";

type ExchangeFailure = Exclude<AttemptFailure<never>, { readonly code: "no_subject_token" }>;

/** Why the exchange, or what stands in its place, gave no SVID. */
export function explainExchange(failure: ExchangeFailure, facts: Facts): Explained {
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

function refused(refusal: ExchangeRefusal, facts: Facts): Explained {
  const { code = "unknown_code", description, requestId } = refusal;
  return {
    code,
    title: `The exchange refused: ${code}`,
    text: [
      description,
      ...(MORE[code]?.(facts) ?? []),
      ...(requestId === undefined ? [] : [`Request: ${requestId}`]),
    ],
  };
}

/** What only the job knows about a refusal: its inputs, and its own claims. */
const MORE: { readonly [code in DenialCode | "unknown_code"]?: (facts: Facts) => string[] } = {
  token_audience_mismatch: ({ inputs, claims }) => [
    `The job's ID token is for ${shown(claims?.["aud"] ?? inputs?.tokenAudience)}. Leave the input token-audience out to use exchange-url, or set it to the audience that the exchange's trust document names for this issuer.`,
  ],
  issuer_not_allowed: ({ claims }) => [`The job's ID token was issued by ${shown(claims?.["iss"])}.`],
  guard_refused: ({ job }) => [`The event is ${shown(job.event)}.`],
  policy_unknown: ({ inputs }) => [`The input policy is ${shown(inputs?.policy)}.`],
  audience_refused: ({ inputs }) => [`The input audience is ${shown(inputs?.audience)}.`],
  audience_required: () => ["Set the input audience."],
  ambiguous_policy: () => ["Set the input policy."],
  not_found: ({ inputs }) => [
    `Asked was ${inputs?.exchangeUrl}/token. The input exchange-url is the exchange's issuer, without /token.`,
  ],
  unknown_code: () => ["This version of the action does not know the reason: use a newer one."],
};

function shown(value: JsonValue | undefined): string {
  return value === undefined || value === "" ? "not known" : JSON.stringify(value);
}

function notAnExchange(status: number, { inputs }: Facts): Explained {
  return {
    code: "not_an_exchange",
    title: `What answers at exchange-url is not an exchange (status ${status})`,
    text: [
      `Asked was ${inputs?.exchangeUrl}/token. Set exchange-url to the issuer of your exchange: its /.well-known/openid-configuration names it.`,
    ],
  };
}

function redirected(location: string | undefined, { inputs }: Facts): Explained {
  return {
    code: "exchange_redirected",
    title: "exchange-url redirects elsewhere, and a token is not sent after a redirect",
    text: [
      `${inputs?.exchangeUrl}/token points to ${location ?? "another place"}. Set exchange-url to the issuer of your exchange itself; if a login page stands in front of it, let /token pass.`,
    ],
  };
}

const UNREACHABLE: Readonly<Record<NetworkCause, string>> = {
  dns: "Its name has no address: check the spelling, and that the runner's DNS knows the name.",
  tls: "Its certificate is not accepted: check the host name; for a private authority, set NODE_EXTRA_CA_CERTS on the runner.",
  refused: "Nothing listens there, or a firewall refuses: check host and port, and the runner's way out.",
  reset: "The connection broke off each time: a firewall or proxy in between may cut it.",
  timeout:
    "There was no answer in time: check that the runner may connect there, or raise the input timeout.",
  proxy: "The proxy would not connect: check https_proxy and no_proxy on the runner.",
  other: "The connection failed.",
};

function unreachable({ cause, errno }: NetworkError, { inputs }: Facts): Explained {
  return {
    code: "exchange_unreachable",
    title: `The exchange could not be reached (${cause}${errno === undefined ? "" : `, ${errno}`})`,
    text: [`${UNREACHABLE[cause]} Asked was ${inputs?.exchangeUrl}/token.`],
  };
}

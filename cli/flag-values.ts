import { type ExchangeUrl, parseExchangeUrl } from "../shared/client/exchange-url.ts";
import type { Result } from "../shared/result.ts";
import { parseTrustDomain, type TrustDomain } from "../shared/spiffe-id.ts";
import { type Failure, misused } from "./outcome.ts";
import type { Ports } from "./ports.ts";

/** Values of flags that several commands have, parsed. A value that cannot be used is a usage error. */

/** The value of a flag that takes the URL of an issuer or an exchange. */
export function issuerFlag(flag: `--${string}`, text: string): Result<ExchangeUrl, Failure> {
  const url = parseExchangeUrl(text);
  if (url.ok) return url;
  return misused(
    `${flag} cannot be used: ${url.error}.`,
    `Give ${flag} a base URL, for example https://svid.example.org`,
  );
}

/** The value of --exchange-url, or of the environment variable that stands in for it. */
export function exchangeUrlFlag(
  { exchangeUrl }: { readonly exchangeUrl?: string },
  { env }: Pick<Ports, "env">,
): Result<ExchangeUrl, Failure> {
  const text = exchangeUrl ?? env["SVID_EXCHANGE_URL"] ?? "";
  if (text !== "") return issuerFlag("--exchange-url", text);
  return misused(
    "--exchange-url is missing.",
    "Give --exchange-url the base URL of the exchange, or set the environment variable SVID_EXCHANGE_URL.",
  );
}

/** The value of --trust-domain. */
export function trustDomainFlag(text: string): Result<TrustDomain, Failure> {
  const trustDomain = parseTrustDomain(text);
  if (trustDomain.ok) return trustDomain;
  return misused(
    `--trust-domain cannot be used: ${trustDomain.error}.`,
    "Give --trust-domain a name without spiffe://, for example ci.example.org",
  );
}

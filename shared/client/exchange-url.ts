import { isConfidential } from "../loopback.ts";
import { err, ok, type Result } from "../result.ts";

declare const exchangeUrlBrand: unique symbol;

/**
 * The base URL of an exchange, which is also the `iss` of its SVIDs: no trailing slash, no query, a path kept.
 * Made only by `parseExchangeUrl`.
 */
export type ExchangeUrl = string & { readonly [exchangeUrlBrand]: true };

/** @returns the URL, or what is wrong with it as a sentence without the value. */
export function parseExchangeUrl(text: string): Result<ExchangeUrl, string> {
  if (!URL.canParse(text)) return err("it is not an absolute URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return err("it holds a user name or password");
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text)) return err("it has a query or a fragment");
  if (!isConfidential(url)) return err("it is not https (http is for loopback only)");
  return ok(`${url.origin}${url.pathname.replace(/\/+$/, "")}` as ExchangeUrl);
}

/** Where subject tokens are exchanged (RFC 8693 §2.1). */
export function tokenEndpoint(exchange: ExchangeUrl): string {
  return `${exchange}/token`;
}

import { type ClientFailure, type ExchangeOptions, exchange, plan } from "../../shared/client/exchange.ts";
import type { ExchangeUrl } from "../../shared/client/exchange-url.ts";
import { readWithRetry } from "../../shared/client/read-document.ts";
import { verifyMinted } from "../../shared/client/verify-minted.ts";
import { parseDuration } from "../../shared/duration.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Minted, Plan } from "../../shared/wire.ts";
import { exchangeUrlFlag } from "../flag-values.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { findTokenOrigin } from "../subject-token/find.ts";
import type { TokenOrigin } from "../subject-token/origin.ts";
import { printable } from "../terminal/printable.ts";
import { explainFailure } from "./exchange-failure.ts";
import { explainUnpublished } from "./published.ts";
import { adviseOnSpentToken } from "./spent-token.ts";

/** The flags that `fetch` and `run` share, named as the Action's inputs are. */
export interface ExchangeFlags {
  readonly exchangeUrl?: string;
  readonly audience?: string;
  readonly policy?: string;
  readonly tokenAudience?: string;
  readonly tokenEnv?: string;
  readonly tokenFile?: string;
  readonly timeout: string;
  /** Verify the SVID with the exchange's published keys before it is written. */
  readonly verify?: boolean;
}

/** An exchange whose flags are judged and whose subject token is found. It can be repeated. */
export interface PreparedExchange {
  readonly url: ExchangeUrl;
  readonly origin: TokenOrigin;
  readonly exchange: () => Promise<Result<Exchanged, Failure>>;
  /** A dry run. */
  readonly plan: () => Promise<Result<Planned, Failure>>;
}

/**
 * Unix milliseconds, by the clock of this machine: when the last request was sent, and when the SVID ends at the
 * earliest. It was minted after the request was sent, however long the response took.
 */
interface Times {
  readonly sentAtMs: number;
  readonly expiresAtMs: number;
}

export type Exchanged = Minted & Times;
export type Planned = Plan & Times;

/** Judges the flags and finds the subject token. Sends no request. */
export function prepareExchange(flags: ExchangeFlags, ports: Ports): Result<PreparedExchange, Failure> {
  const url = exchangeUrlFlag(flags, ports);
  if (!url.ok) return url;
  const seconds = parseDuration(flags.timeout);
  if (seconds === undefined || seconds === 0) {
    return misused(
      `--timeout cannot be used: "${printable(flags.timeout)}" is not a duration.`,
      "Give --timeout a duration, for example 30s, 1m or 5m.",
    );
  }
  const audience = flags.tokenAudience ?? url.value;
  const origin = findTokenOrigin({ ...flags, audience }, ports);
  if (!origin.ok) return origin;
  const options: ExchangeOptions<Failure> = {
    exchangeUrl: url.value,
    subjectToken: origin.value.get,
    timeoutMs: seconds * 1000,
    ...(flags.audience === undefined ? {} : { audience: flags.audience }),
    ...(flags.policy === undefined ? {} : { policy: flags.policy }),
  };
  const explain = (failure: ClientFailure<Failure>): Failure =>
    adviseOnSpentToken(
      explainFailure(failure, { url: url.value, audience, proxy: ports.proxy }),
      origin.value,
    );
  return ok({
    url: url.value,
    origin: origin.value,
    exchange: async () => {
      const { outcome, sentAtMs } = await withSendingTime((timed) => exchange(options, timed), ports);
      if (!outcome.ok) return err(explain(outcome.error));
      const expiresAtMs = sentAtMs + outcome.value.expiresIn * 1000;
      const exchanged = { ...outcome.value, sentAtMs, expiresAtMs };
      return flags.verify === true ? verified(exchanged, url.value, ports) : ok(exchanged);
    },
    plan: async () => {
      const { outcome, sentAtMs } = await withSendingTime((timed) => plan(options, timed), ports);
      if (!outcome.ok) return err(explain(outcome.error));
      return ok({ ...outcome.value, sentAtMs, expiresAtMs: sentAtMs + outcome.value.lifetime * 1000 });
    },
  });
}

/** Records when the last request was sent: the SVID was minted after that, however long the response took. */
async function withSendingTime<T>(
  send: (ports: Ports) => Promise<T>,
  ports: Ports,
): Promise<{ readonly outcome: T; readonly sentAtMs: number }> {
  let sentAtMs = 0;
  const fetch: Ports["fetch"] = (address, request) => {
    sentAtMs = ports.nowMs();
    return ports.fetch(address, request);
  };
  const outcome = await send({ ...ports, fetch });
  return { outcome, sentAtMs };
}

/** For the discovery document and the key set together. */
const DOCUMENTS_TIMEOUT_MS = 10_000;

/** Verifies the SVID as a service would, and compares it with what the exchange reported. */
async function verified(
  exchanged: Exchanged,
  issuer: ExchangeUrl,
  ports: Ports,
): Promise<Result<Exchanged, Failure>> {
  const judged = await verifyMinted(
    exchanged,
    issuer,
    readWithRetry(DOCUMENTS_TIMEOUT_MS, ports),
    ports.nowMs,
  );
  if (judged.ok) return ok(exchanged);
  if ("url" in judged.error) return err(explainUnpublished(judged.error));
  return failed(
    judged.error.code,
    `The SVID ${judged.error.what}, so it was not written.`,
    "Check that --exchange-url is the issuer itself. If it is, report this to the maintainer of the exchange.",
  );
}

import { plan } from "../../shared/client/exchange.ts";
import type { ExchangeUrl } from "../../shared/client/exchange-url.ts";
import {
  type Exchanged,
  getSvid,
  type SvidFailure,
  type SvidOptions,
  type Times,
  withSendingTime,
} from "../../shared/client/get-svid.ts";
import type { MintedFailure } from "../../shared/client/verify-minted.ts";
import { parseDuration } from "../../shared/duration.ts";
import { printable } from "../../shared/printable.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Plan } from "../../shared/wire.ts";
import { exchangeUrlFlag } from "../flag-values.ts";
import { type Failure, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { findTokenOrigin } from "../subject-token/find.ts";
import type { TokenOrigin } from "../subject-token/origin.ts";
import { explainFailure } from "./exchange-failure.ts";
import { explainUnpublished } from "./published.ts";
import { adviseOnSpentToken } from "./spent-token.ts";

/** The flags of each command that exchanges, named as the Action's inputs are. */
export interface ExchangeFlags {
  readonly exchangeUrl?: string;
  readonly audience?: string;
  readonly policy?: string;
  readonly tokenAudience?: string;
  readonly tokenEnv?: string;
  readonly tokenFile?: string;
  readonly timeout: string;
  /** Verify the SVID with the exchange's published keys before it is used. */
  readonly verify?: boolean;
}

/** An exchange whose flags are judged and whose subject token is found. It can be repeated. */
export interface PreparedExchange {
  readonly url: ExchangeUrl;
  readonly origin: TokenOrigin;
  readonly timeoutMs: number;
  /** @param audience instead of that of the flags. */
  readonly exchange: (audience?: string) => Promise<Result<Exchanged, SvidFailure<Failure>>>;
  readonly explain: (failure: SvidFailure<Failure>) => Failure;
  /** A dry run. */
  readonly plan: () => Promise<Result<Planned, Failure>>;
}

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
  const tokenAudience = flags.tokenAudience ?? url.value;
  const origin = findTokenOrigin({ ...flags, audience: tokenAudience }, ports);
  if (!origin.ok) return origin;
  const timeoutMs = seconds * 1000;
  const optionsFor = (audience: string | undefined): SvidOptions<Failure> => ({
    exchangeUrl: url.value,
    subjectToken: origin.value.get,
    timeoutMs,
    verify: flags.verify === true,
    ...(audience === undefined ? {} : { audience }),
    ...(flags.policy === undefined ? {} : { policy: flags.policy }),
  });
  const explain = (failure: SvidFailure<Failure>): Failure => {
    if (failure.code === "svid_not_verified") return explainUnverified(failure.failure);
    const context = { url: url.value, audience: tokenAudience, proxy: ports.proxy };
    return adviseOnSpentToken(explainFailure(failure, context), origin.value);
  };
  return ok({
    url: url.value,
    origin: origin.value,
    timeoutMs,
    exchange: (audience = flags.audience) => getSvid(optionsFor(audience), ports),
    explain,
    plan: async () => {
      const options = optionsFor(flags.audience);
      const { outcome, sentAtMs } = await withSendingTime((timed) => plan(options, timed), ports);
      if (!outcome.ok) return err(explain(outcome.error));
      return ok({ ...outcome.value, sentAtMs, expiresAtMs: sentAtMs + outcome.value.lifetime * 1000 });
    },
  });
}

function explainUnverified(failure: MintedFailure): Failure {
  if ("url" in failure) return explainUnpublished(failure);
  return {
    exit: 1,
    code: failure.code,
    message: `The SVID ${failure.what}, so it was not written.`,
    next: [
      "Check that --exchange-url is the issuer itself. If it is, report this to the maintainer of the exchange.",
    ],
  };
}

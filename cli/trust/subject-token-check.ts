import type { VerifiedClaims } from "../../shared/claims.ts";
import { networkError } from "../../shared/client/network.ts";
import { type Denial, reasonOf } from "../../shared/denial.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { KeyFetchFailure } from "../../shared/jwk/fetch-json.ts";
import { fetchKeySet } from "../../shared/jwk/fetch-key-set.ts";
import { describeKeyFault } from "../../shared/jwk/key-fault.ts";
import type { JudgedKeySet } from "../../shared/jwk/key-set.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { judgeSubjectToken } from "../../shared/subject-token/judge.ts";
import type { UnverifiedToken } from "../../shared/subject-token/peek.ts";
import { claimsProblem } from "../../shared/subject-token/registered-claims.ts";
import {
  allowedAlgorithm,
  type KeyFinder,
  keyOfSet,
  unknownKey,
  unreadableKeys,
} from "../../shared/subject-token/signing-key.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import type { Ports } from "../ports.ts";

type Network = Pick<Ports, "fetch" | "timeoutSignal">;

/** A token whose header and claims set could be read. */
export interface ReadToken {
  readonly issuer: AllowedIssuer;
  readonly claims: JsonObject;
  /** The result of `peekJws`. */
  readonly peeked: Result<UnverifiedToken, Denial>;
}

export interface JudgedToken {
  /** Present where nothing in the token is refused. */
  readonly verified?: VerifiedClaims;
  /**
   * The whole reasons for which the exchange refuses the token before it looks at policies. It would respond with the first,
   * and to somebody who has not proved to be a customer of the issuer with less of it.
   */
  readonly findings: readonly Denial[];
}

/** Judges what can be judged without a key: header, algorithm, registered claims. */
export function judgeWithoutKey({ issuer, claims, peeked }: ReadToken, now: number): JudgedToken {
  const algorithm = peeked.ok ? allowedAlgorithm(peeked.value, issuer) : peeked;
  const problem = claimsProblem(claims, issuer, now);
  return {
    findings: [
      ...(algorithm.ok ? [] : [reasonOf(algorithm.error)]),
      ...(problem === undefined ? [] : [problem]),
    ],
  };
}

/** Judges the token as the exchange does, by the keys that the issuer has now. */
export async function judgeWithKey(token: ReadToken, now: number, network: Network): Promise<JudgedToken> {
  const { issuer, peeked } = token;
  const verified = peeked.ok
    ? await judgeSubjectToken(peeked.value, issuer, keysOf(issuer, network), now)
    : peeked;
  if (verified.ok) return { verified: verified.value, findings: [] };
  const others = judgeWithoutKey(token, now).findings.filter(({ code }) => code !== verified.error.code);
  return { findings: [reasonOf(verified.error), ...others] };
}

function keysOf(issuer: AllowedIssuer, network: Network): KeyFinder {
  const { keys } = issuer;
  if (keys.from === "inline") return keyOfSet(keys.keys, issuer);
  return async (kid) => {
    const set = await fetchKeySet(network, { issuer: issuer.issuer, ...keys });
    if (!set.ok) return err(unreadableKeys(issuer, describeFailure(set.error)));
    const key = set.value.keys.get(kid);
    return key === undefined ? err(unusableKey(issuer, set.value, kid)) : ok(key);
  };
}

function describeFailure({ what, url, thrown }: KeyFetchFailure): string {
  const { errno, cause } = networkError(thrown);
  return thrown === undefined ? `${what} (${url})` : `${what} (${url}: ${errno ?? cause})`;
}

/** Explains why the key of this `kid` cannot be used, if the set has one. */
function unusableKey(issuer: AllowedIssuer, { faults }: JudgedKeySet, kid: string): Denial {
  const fault = faults.get(kid);
  return unknownKey(issuer, fault && describeKeyFault(fault));
}

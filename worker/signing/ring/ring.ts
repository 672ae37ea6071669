import type { SvidAlgorithm } from "../../../shared/svid.ts";
import type { PublicJwk } from "./public-jwk.ts";

/** What the trust document says about keys. */
export interface KeySettings {
  readonly rotateEverySeconds: number;
  readonly algorithms: readonly SvidAlgorithm[];
  readonly revoked: ReadonlySet<string>;
}

/**
 * The times of a key, in Unix seconds. What a key is at an instant (RFC 7583 §3.1) follows from them and is never stored:
 * published, then ready, until `activateAt`; active until its successor is; retired until `verifyUntil`; then dead and
 * removed in one step.
 */
export interface KeyTimes {
  /** Tpub (RFC 7583 §3.2.1): in every published document from here on. */
  readonly publishAt: number;
  /** Tact (RFC 7583 §3.2.1): signs from here on, until its successor is active. */
  readonly activateAt: number;
  /** Never signs from here on: Tret and the signing delay, Dsgn (RFC 7583 §3.2.1). */
  readonly signUntil: number;
  /** Tdea and Trem (RFC 7583 §3.2.1): published until here; no SVID of this key is valid anywhere any more. */
  readonly verifyUntil: number;
}

export interface RingKey<Secret> extends KeyTimes {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly publicJwk: PublicJwk;
  /** `null` from the moment that the key has stopped signing. */
  readonly secret: Secret | null;
}

/** Private members at rest: A256GCM under the key-encryption key whose id is `kek`. All base64url. */
export interface Sealed {
  readonly kek: string;
  readonly iv: string;
  readonly box: string;
}

/** All keys of the exchange. The form of `Secret` is the holder's: sealed at rest, opened in the keeper. */
export interface Ring<Secret> {
  /** Rises with every change. */
  readonly sequence: number;
  /** Rises when, and only when, the set of published keys changes (SPIFFE Bundle §4.1.1). See `published-keys.ts`. */
  readonly bundleSequence: number;
  /** The rotation that the times were planned for. */
  readonly rotateEverySeconds: number;
  readonly keys: readonly RingKey<Secret>[];
}

/** The keys of one algorithm in the order of activation: each is the successor of the one before (RFC 7583 §3.2). */
export function successionOf<Key extends Pick<RingKey<unknown>, "algorithm" | "activateAt" | "publishAt">>(
  keys: readonly Key[],
  algorithm: SvidAlgorithm,
): readonly Key[] {
  return keys
    .filter((key) => key.algorithm === algorithm)
    .sort((a, b) => a.activateAt - b.activateAt || a.publishAt - b.publishAt);
}

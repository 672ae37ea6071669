import type { JsonObject } from "../json.ts";
import type { KeySet } from "../jwk/key-set.ts";
import type { Result } from "../result.ts";
import type { TrustDomain } from "../spiffe-id.ts";
import type { PublishedKeys, PublishedKeysFailure } from "../verify/published-keys.ts";

/** The keys of the trust domain, as the exchange publishes them, kept up to date. */
export interface BundleFeed {
  /** The last keys that were read. */
  readonly current: () => Bundle;
  /** Ends after the next change, or once the signal is aborted. */
  readonly changed: (signal: AbortSignal) => Promise<void>;
}

export interface Bundle {
  readonly trustDomain: TrustDomain;
  readonly keys: KeySet;
  /** A JWK Set (RFC 7517 §5) as the Workload API gives it. */
  readonly jwks: string;
}

export interface FeedPorts {
  readonly read: () => Promise<Result<PublishedKeys, PublishedKeysFailure>>;
  /** Ends early, and without an error, once the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Is told of each attempt that failed. The last keys that were read stay. */
  readonly onFailure: (failure: PublishedKeysFailure) => void;
  readonly onChange: (bundle: Bundle) => void;
}

/** How long the bundle is used before it is read again. */
export const REFRESH_SECONDS = {
  /** Where the bundle has no hint (SPIFFE Trust Domain and Bundle §6.1). */
  usual: 300,
  /** A hint of 0 must not become a stream of requests. */
  shortest: 10,
  /** A hint of a year must not hide a revocation. */
  longest: 3_600,
} as const;

/** Reads the bundle again as often as its `spiffe_refresh_hint` says, until the signal is aborted. */
export function followBundle(
  trustDomain: TrustDomain,
  first: PublishedKeys,
  ports: FeedPorts,
  signal: AbortSignal,
): BundleFeed {
  let bundle = bundleOf(trustDomain, first);
  const waiting = new Set<() => void>();
  const follow = async (): Promise<void> => {
    let { document } = first;
    while (!signal.aborted) {
      await ports.pause(refreshSeconds(document) * 1000, signal);
      if (signal.aborted) return;
      const read = await ports.read();
      if (!read.ok) {
        ports.onFailure(read.error);
        continue;
      }
      document = read.value.document;
      const next = bundleOf(trustDomain, read.value);
      if (next.jwks === bundle.jwks) continue;
      bundle = next;
      ports.onChange(bundle);
      for (const wake of waiting) wake();
    }
  };
  void follow();
  return { current: () => bundle, changed: (over) => nextChange(waiting, over) };
}

function nextChange(waiting: Set<() => void>, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      over.removeEventListener("abort", wake);
      resolve();
    };
    waiting.add(wake);
    over.addEventListener("abort", wake);
    if (over.aborted) wake();
  });
}

/** Keys that are of no use here are of no use to a program either. `use` is left out, as SPIRE's agent does. */
function bundleOf(trustDomain: TrustDomain, { keys }: PublishedKeys): Bundle {
  return { trustDomain, keys, jwks: JSON.stringify({ keys: [...keys.values()] }) };
}

function refreshSeconds(document: JsonObject): number {
  const hint = document["spiffe_refresh_hint"];
  if (typeof hint !== "number" || !Number.isFinite(hint)) return REFRESH_SECONDS.usual;
  return Math.min(Math.max(hint, REFRESH_SECONDS.shortest), REFRESH_SECONDS.longest);
}

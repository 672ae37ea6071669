import type { ClientPorts } from "../client/exchange.ts";
import type { Exchanged, SvidFailure } from "../client/get-svid.ts";
import { readOnce, readWithRetry } from "../client/read-document.ts";
import { type ListenPlace, type RunningServer, type ServerPorts, startServer } from "../grpc/server.ts";
import type { SvidSource } from "../renewal/svid-source.ts";
import { err, ok, type Result } from "../result.ts";
import type { TrustDomain } from "../spiffe-id.ts";
import { bundleKeys, type PublishedKeysFailure } from "../verify/published-keys.ts";
import { publishedTrustDomain } from "../verify/trust-domain.ts";
import { type BundleFeed, followBundle } from "./bundle-feed.ts";
import { type IssuedLog, issuedFrom } from "./issued.ts";
import { workloadService } from "./service.ts";

/** The Workload API of one job, from the URL of its exchange to a server that answers. */

/** The variable by which SPIFFE programs find the Workload API (SPIFFE Workload Endpoint §4). */
export const ENDPOINT_VARIABLE = "SPIFFE_ENDPOINT_SOCKET";

export interface OpenOptions {
  /** The base URL of the exchange, which is the issuer of its SVIDs. */
  readonly issuer: string;
  /** Absent: the one that the exchange publishes. */
  readonly trustDomain?: TrustDomain;
  /** For reading what the exchange publishes, before the server starts. */
  readonly timeoutMs: number;
  readonly place: ListenPlace;
}

/** What programs get their SVIDs from. */
export interface Issuing<F> {
  readonly svids: SvidSource<Exchanged, SvidFailure<F>>;
  /** Says in a sentence why there was no ID token. */
  readonly explainNoToken: (failure: F) => string;
}

/** The log of the job: what happened, without a token in it. */
export interface WorkloadLog<F> extends IssuedLog<F> {
  readonly bundleChanged: () => void;
  /** The last keys that were read stay. */
  readonly bundleUnread: (failure: PublishedKeysFailure) => void;
  readonly bug: (error: unknown) => void;
}

export type OpenFailure =
  | { readonly code: "unpublished"; readonly failure: PublishedKeysFailure }
  /** `errno`: the error code of the system, such as `EADDRINUSE`. */
  | { readonly code: "not_listening"; readonly errno: string };

export interface WorkloadApi {
  /** The value of `SPIFFE_ENDPOINT_SOCKET`. */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/**
 * Reads the trust domain and the bundle of the exchange, and starts the server: until both are known, nothing could be
 * answered.
 */
export async function openWorkloadApi<F>(
  options: OpenOptions,
  { svids, explainNoToken }: Issuing<F>,
  ports: ClientPorts & ServerPorts,
  log: WorkloadLog<F>,
): Promise<Result<WorkloadApi, OpenFailure>> {
  const ended = new AbortController();
  const bundle = await openBundle(options, ports, log, ended.signal);
  if (!bundle.ok) return err({ code: "unpublished", failure: bundle.error });
  const service = workloadService({
    svidFor: issuedFrom(svids, bundle.value.current().trustDomain, explainNoToken, log),
    bundle: bundle.value,
    nowMs: ports.nowMs,
    pause: ports.pause,
    onBug: log.bug,
  });
  const server = await startServer(options.place, service, ports);
  if (!server.ok) {
    ended.abort();
    return err({ code: "not_listening", errno: server.error });
  }
  const close = (): Promise<void> => {
    ended.abort();
    return server.value.close();
  };
  return ok({ endpoint: endpointOf(options.place, server.value), close });
}

/** For one attempt to read the bundle again. */
const REFRESH_TIMEOUT_MS = 10_000;

async function openBundle<F>(
  { issuer, trustDomain, timeoutMs }: OpenOptions,
  ports: ClientPorts & ServerPorts,
  log: WorkloadLog<F>,
  ended: AbortSignal,
): Promise<Result<BundleFeed, PublishedKeysFailure>> {
  const read = readWithRetry(timeoutMs, ports);
  const known = trustDomain === undefined ? await publishedTrustDomain(issuer, read) : ok(trustDomain);
  if (!known.ok) return known;
  const url = `${issuer}/.well-known/spiffe-bundle.json`;
  const first = await bundleKeys(url, read);
  if (!first.ok) return first;
  const again = {
    read: () => bundleKeys(url, readOnce(REFRESH_TIMEOUT_MS, ports)),
    pause: ports.pause,
    onFailure: log.bundleUnread,
    onChange: log.bundleChanged,
  };
  return ok(followBundle(known.value, first.value, again, ended));
}

function endpointOf(place: ListenPlace, { port }: RunningServer): string {
  return "path" in place ? `unix://${place.path}` : `tcp://${place.host}:${port}`;
}

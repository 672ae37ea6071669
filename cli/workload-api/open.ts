import { createServer } from "node:http2";
import { describeUnread } from "../../shared/client/describe-unread.ts";
import { readOnce, readWithRetry } from "../../shared/client/read-document.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { TrustDomain } from "../../shared/spiffe-id.ts";
import {
  bundleKeys,
  type PublishedKeys,
  type PublishedKeysFailure,
} from "../../shared/verify/published-keys.ts";
import { publishedTrustDomain } from "../../shared/verify/trust-domain.ts";
import { type BundleFeed, followBundle } from "../../shared/workload-api/bundle-feed.ts";
import { startServer } from "../../shared/workload-api/server.ts";
import { workloadService } from "../../shared/workload-api/service.ts";
import { trustDomainFlag } from "../flag-values.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import { pause } from "../pause.ts";
import type { Ports } from "../ports.ts";
import type { PreparedExchange } from "../svid/exchange.ts";
import type { JobSvids } from "../svid/job-svids.ts";
import { explainUnpublished } from "../svid/published.ts";
import { svidsFor } from "./issued.ts";
import { readPort, type WorkloadApiFlags } from "./options.ts";
import { freshSocket, namedSocket, type SocketPlace } from "./socket.ts";

/** A Workload API that answers. */
export interface WorkloadApi {
  /** What SPIFFE_ENDPOINT_SOCKET holds (SPIFFE Workload Endpoint §4). */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/** The variable by which SPIFFE programs find the Workload API. */
export const ENDPOINT_VARIABLE = "SPIFFE_ENDPOINT_SOCKET";

/** Reads the bundle of the exchange and starts the server. Until the first is done, nothing could be answered. */
export async function openWorkloadApi(
  prepared: PreparedExchange,
  svids: JobSvids,
  flags: WorkloadApiFlags,
  ports: Ports,
): Promise<Result<WorkloadApi, Failure>> {
  const place = listenPlace(flags, ports);
  if (!place.ok) return place;
  const ended = new AbortController();
  const dispose = (): void => {
    ended.abort();
    place.value.dispose();
  };
  const opened = await listen(place.value, prepared, svids, flags, ports, ended.signal);
  if (!opened.ok) {
    dispose();
    return opened;
  }
  const { endpoint, close } = opened.value;
  return ok({ endpoint, close: () => close().finally(dispose) });
}

/** Says what each process that reaches the socket can do, and what happens at the end of a token that is not renewed. */
export function announceWorkloadApi(
  { origin }: PreparedExchange,
  { endpoint }: WorkloadApi,
  { note }: Pick<Ports, "note">,
): void {
  note(`The SPIFFE Workload API of this job is at ${endpoint}.`);
  if (endpoint.startsWith("tcp:")) {
    note(
      "Every process of this machine, of any user and in any container of its network, can get the job's SVIDs there.",
    );
  }
  if (origin.renewable) return;
  note(
    `The ID token in ${origin.name} cannot be renewed: the SVID of each audience is held until it ends. After that, programs get another one only if the exchange accepts the same token again.`,
  );
}

type Place = Pick<SocketPlace, "dispose"> & ({ readonly path: string } | { readonly port: number });

function listenPlace(flags: WorkloadApiFlags, ports: Ports): Result<Place, Failure> {
  const port = readPort(flags);
  if (!port.ok) return port;
  if (port.value !== undefined) return ok({ port: port.value, dispose: () => {} });
  if (process.platform === "win32") {
    return misused("Windows has no unix socket for SPIFFE programs.", "Give --tcp to serve on 127.0.0.1.");
  }
  return flags.socket === undefined ? freshSocket(ports) : namedSocket(flags.socket, ports);
}

async function listen(
  place: Place,
  prepared: PreparedExchange,
  svids: JobSvids,
  flags: WorkloadApiFlags,
  ports: Ports,
  ended: AbortSignal,
): Promise<Result<WorkloadApi, Failure>> {
  const bundle = await openBundle(prepared, flags, ports, ended);
  if (!bundle.ok) return bundle;
  const service = workloadService({
    svidFor: svidsFor(svids, bundle.value, ports),
    bundle: bundle.value,
    nowMs: ports.nowMs,
    pause,
    onBug: () => ports.note("A bug in svid-exchange ended a call of the Workload API."),
  });
  const at = "path" in place ? { path: place.path } : { host: LOOPBACK, port: place.port };
  const server = await startServer(at, service, { createServer, pause });
  if (!server.ok) return notListening(place, server.error);
  const { port, close } = server.value;
  return ok({ endpoint: "path" in place ? `unix://${place.path}` : `tcp://${LOOPBACK}:${port}`, close });
}

/** SPIFFE Workload Endpoint §4: the address is an IP, not a name. */
const LOOPBACK = "127.0.0.1";
/** For one attempt to read the bundle again. */
const REFRESH_TIMEOUT_MS = 10_000;

async function openBundle(
  { url, timeoutMs }: PreparedExchange,
  flags: WorkloadApiFlags,
  ports: Ports,
  ended: AbortSignal,
): Promise<Result<BundleFeed, Failure>> {
  const read = readWithRetry(timeoutMs, ports);
  const trustDomain: Result<TrustDomain, Failure> =
    flags.trustDomain === undefined
      ? explained(await publishedTrustDomain(url, read))
      : trustDomainFlag(flags.trustDomain);
  if (!trustDomain.ok) return trustDomain;
  const bundleUrl = `${url}/.well-known/spiffe-bundle.json`;
  const first = await bundleKeys(bundleUrl, read);
  if (!first.ok) return explained(first);
  const again = () => bundleKeys(bundleUrl, readOnce(REFRESH_TIMEOUT_MS, ports));
  return ok(follow(trustDomain.value, first.value, again, ports, ended));
}

function follow(
  trustDomain: TrustDomain,
  first: PublishedKeys,
  read: () => Promise<Result<PublishedKeys, PublishedKeysFailure>>,
  { note }: Ports,
  ended: AbortSignal,
): BundleFeed {
  const onFailure = (failure: PublishedKeysFailure): void =>
    note(`The bundle could not be read again, and the last one stays: ${describeUnread(failure).message}`);
  const onChange = (): void => note(`The bundle of ${trustDomain} has changed.`);
  return followBundle(trustDomain, first, { read, pause, onFailure, onChange }, ended);
}

function explained<T>(read: Result<T, PublishedKeysFailure>): Result<T, Failure> {
  return read.ok ? read : err(explainUnpublished(read.error));
}

function notListening(place: Place, errno: string): Result<never, Failure> {
  if (!("path" in place)) {
    return failed("socket_unusable", `Port ${place.port} of ${LOOPBACK} cannot be used (${errno}).`, [
      "Give --tcp another port, or no value for any free port.",
    ]);
  }
  const next =
    errno === "EADDRINUSE"
      ? "Another server has this socket, or one that was killed left it: remove it, or give --socket another path."
      : "Give --socket a path in a folder that this job may write to.";
  return failed("socket_unusable", `No socket could be opened at ${place.path} (${errno}).`, next);
}

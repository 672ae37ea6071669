import { createServer } from "node:http2";
import { describeUnread } from "../../shared/client/describe-unread.ts";
import type { ListenPlace } from "../../shared/grpc/server.ts";
import { printable } from "../../shared/printable.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import {
  type OpenFailure,
  type OpenOptions,
  openWorkloadApi,
  type WorkloadApi,
  type WorkloadLog,
} from "../../shared/workload-api/open.ts";
import type { SocketPlace } from "../../shared/workload-api/socket-folder.ts";
import { trustDomainFlag } from "../flag-values.ts";
import type { Failure } from "../outcome.ts";
import { pause } from "../pause.ts";
import type { Ports } from "../ports.ts";
import type { PreparedExchange } from "../svid/exchange.ts";
import { exchangedLine } from "../svid/exchanged-line.ts";
import type { JobSvids } from "../svid/job-svids.ts";
import { explainUnpublished } from "../svid/published.ts";
import { readPort, type WorkloadApiFlags } from "./options.ts";
import { socketPlace } from "./socket.ts";
import { removeStaleSocket } from "./stale-socket.ts";

/**
 * Opens the Workload API where the flags say, and says in the log what it means.
 *
 * @param ended aborted once the job needs it no more: its socket is then removed, even while it is being opened.
 */
export async function openJobApi(
  prepared: PreparedExchange,
  svids: JobSvids,
  flags: WorkloadApiFlags,
  ports: Ports,
  ended: AbortSignal,
): Promise<Result<WorkloadApi, Failure>> {
  const trustDomain = flags.trustDomain === undefined ? undefined : trustDomainFlag(flags.trustDomain);
  if (trustDomain?.ok === false) return trustDomain;
  const place = placeOf(flags, ports);
  if (!place.ok) return place;
  const { listenAt, dispose } = place.value;
  ended.addEventListener("abort", dispose);
  if ("path" in listenAt) await removeStaleSocket(listenAt.path);
  const options: OpenOptions = {
    issuer: prepared.url,
    timeoutMs: prepared.timeoutMs,
    place: listenAt,
    ...(trustDomain === undefined ? {} : { trustDomain: trustDomain.value }),
  };
  const opened = await openWorkloadApi(
    options,
    { svids, explainNoToken: ({ message }) => message },
    { ...ports, createServer, pause },
    logOf(prepared, ports),
  );
  if (!opened.ok) return err(explain(opened.error, listenAt));
  announce(opened.value.endpoint, prepared, ports);
  return opened;
}

interface Place {
  readonly listenAt: ListenPlace;
  readonly dispose: SocketPlace["dispose"];
}

/** SPIFFE Workload Endpoint §4: the host of an address is an IP, not a name. */
const LOOPBACK = "127.0.0.1";

function placeOf(flags: WorkloadApiFlags, ports: Ports): Result<Place, Failure> {
  const port = readPort(flags);
  if (!port.ok) return port;
  if (port.value !== undefined) {
    return ok({ listenAt: { host: LOOPBACK, port: port.value }, dispose: () => {} });
  }
  const socket = socketPlace(flags.socket, ports);
  if (!socket.ok) return socket;
  return ok({ listenAt: { path: socket.value.path }, dispose: socket.value.dispose });
}

function logOf({ explain }: PreparedExchange, { note }: Pick<Ports, "note">): WorkloadLog<Failure> {
  const refused = (audience: string, lines: readonly string[]): void => {
    const [first = "", ...more] = lines;
    note(`No SVID for ${printable(audience)}: ${first}`);
    for (const line of more) note(`  ${line}`);
  };
  return {
    issued: (exchanged) => note(exchangedLine(exchanged)),
    refused: (audience, failure) => {
      const { message, details = [], next } = explain(failure);
      refused(audience, [message, ...details, ...next]);
    },
    unusable: (audience, { message }) => refused(audience, [message]),
    bundleChanged: () => note("The keys of the trust domain have changed."),
    bundleUnread: (failure) =>
      note(
        `The keys of the trust domain stay, because they could not be read again. ${describeUnread(failure).message}`,
      ),
    bug: () => note("A bug in svid-exchange ended a call of the Workload API."),
  };
}

/** Says who can use the address, and what happens at the end of a token that is not renewed. */
function announce(endpoint: string, { origin }: PreparedExchange, { note }: Pick<Ports, "note">): void {
  note(`The SPIFFE Workload API of this job is at ${endpoint}`);
  if (endpoint.startsWith("tcp:")) {
    note("Each process that reaches this port, of any user, can get the SVIDs of this job.");
  }
  if (origin.renewable) return;
  note(
    `The ID token in ${origin.name} cannot be renewed. The SVID of each audience is held until it expires; then there is another one only if the exchange accepts the same token again.`,
  );
}

function explain(failure: OpenFailure, place: ListenPlace): Failure {
  if (failure.code === "unpublished") return explainUnpublished(failure.failure);
  const { errno } = failure;
  const [what, next] =
    "path" in place
      ? [
          `The socket ${printable(place.path)}`,
          SOCKET_NEXT[errno] ?? "Give --socket another path, or leave it out.",
        ]
      : [`Port ${place.port} of ${place.host}`, "Give --tcp another port, or no value for any free port."];
  return { exit: 1, code: "socket_unusable", message: `${what} cannot be opened (${errno}).`, next: [next] };
}

const SOCKET_NEXT: Readonly<Record<string, string>> = {
  EADDRINUSE: "Give --socket another path: a server or a file has this one.",
  EACCES: "Give --socket a path in a folder that this job may write to.",
};

import type { Call, Method, Service } from "../grpc/call.ts";
import { HEALTH_CHECK, healthCheck } from "../grpc/health.ts";
import { OK, type Status, status } from "../grpc/status.ts";
import type { CallHeaders } from "../grpc/stream.ts";
import { err, ok, type Result } from "../result.ts";
import { parseSpiffeId } from "../spiffe-id.ts";
import { judgeSvid } from "../verify/svid.ts";
import type { BundleFeed } from "./bundle-feed.ts";
import type { IssueSvid } from "./issued.ts";
import {
  readJwtSvidRequest,
  readValidateJwtSvidRequest,
  writeJwtBundlesResponse,
  writeJwtSvidResponse,
  writeValidateJwtSvidResponse,
} from "./messages.ts";

/** The SPIFFE Workload API of one job: its methods, and what SPIRE's agent answers where the specification is silent. */

export interface WorkloadPorts extends Pick<Service, "pause" | "onBug"> {
  readonly svidFor: IssueSvid;
  readonly bundle: BundleFeed;
  /** The clock, in Unix milliseconds. */
  readonly nowMs: () => number;
}

/** A request holds an audience and perhaps an SVID. A SPIFFE ID of 2 KiB in an SVID of 4 KiB is long. */
export const MAX_REQUEST_BYTES = 64 * 1024;

const NO_X509 =
  "no X.509-SVID: svid-exchange issues JWT-SVIDs only, so the X.509 profile of the Workload API is turned off";

export function workloadService(ports: WorkloadPorts): Service {
  const methods = new Map<string, Method>([
    ["FetchJWTSVID", (request, call) => fetchJwtSvid(request, call, ports)],
    ["FetchJWTBundles", (_, call) => fetchJwtBundles(call, ports)],
    ["ValidateJWTSVID", (request, call) => validateJwtSvid(request, call, ports)],
    ["FetchX509SVID", async () => status("permissionDenied", NO_X509)],
    ["FetchX509Bundles", async () => status("permissionDenied", NO_X509)],
  ]);
  return {
    methodOf: (path, headers) => methodOf(path, headers, methods),
    maxRequestBytes: MAX_REQUEST_BYTES,
    pause: ports.pause,
    onBug: ports.onBug,
  };
}

const SERVICE = "SpiffeWorkloadAPI";

function methodOf(
  path: string,
  headers: CallHeaders,
  methods: ReadonlyMap<string, Method>,
): Result<Method, Status> {
  if (path === HEALTH_CHECK) return ok(healthCheck(SERVICE));
  const [, service, method = ""] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (service !== SERVICE) return err(status("unimplemented", "unknown service"));
  // SPIFFE Workload Endpoint §3: a request that was forged across protocols does not have the header.
  if (headers["workload.spiffe.io"] !== "true") {
    return err(status("invalidArgument", "security header missing from request: workload.spiffe.io: true"));
  }
  const known = methods.get(method);
  return known === undefined
    ? err(status("unimplemented", "svid-exchange does not have this method of the Workload API"))
    : ok(known);
}

/** SPIFFE Workload API §6.2.1. */
async function fetchJwtSvid(request: Uint8Array, call: Call, ports: WorkloadPorts): Promise<Status> {
  const read = readJwtSvidRequest(request);
  if (!read.ok) return malformed(read.error);
  const { audience: audiences, spiffeId } = read.value;
  const [audience, ...others] = new Set(audiences);
  if (audience === undefined || audience === "")
    return status("invalidArgument", "audience must be specified");
  if (others.length > 0) {
    return status("invalidArgument", "an SVID of svid-exchange has one audience: fetch one SVID for each");
  }
  const wanted = spiffeId === "" ? undefined : parseSpiffeId(spiffeId);
  if (wanted?.ok === false) return status("invalidArgument", `invalid requested SPIFFE ID: ${wanted.error}`);
  const issued = await ports.svidFor(audience);
  if (!issued.ok) return issued.error;
  if (wanted !== undefined && wanted.value !== issued.value.spiffeId) {
    return status("permissionDenied", `no identity issued: this job is ${issued.value.spiffeId}`);
  }
  await call.send(writeJwtSvidResponse([issued.value]));
  return OK;
}

/** SPIFFE Workload API §6.2.2: the first message at once, and another one only after a change. */
async function fetchJwtBundles(call: Call, { bundle }: WorkloadPorts): Promise<Status> {
  let sent: string | undefined;
  while (!call.signal.aborted) {
    const { trustDomain, jwks } = bundle.current();
    if (jwks !== sent) await call.send(writeJwtBundlesResponse(new Map([[trustDomain, jwks]])));
    sent = jwks;
    if (bundle.current().jwks === sent) await bundle.changed(call.signal);
  }
  return OK;
}

/** SPIFFE Workload API §6.2.3. */
async function validateJwtSvid(
  request: Uint8Array,
  call: Call,
  { bundle, nowMs }: WorkloadPorts,
): Promise<Status> {
  const read = readValidateJwtSvidRequest(request);
  if (!read.ok) return malformed(read.error);
  const { audience, svid } = read.value;
  if (audience === "") return status("invalidArgument", "audience must be specified");
  if (svid === "") return status("invalidArgument", "svid must be specified");
  const { keys, trustDomain } = bundle.current();
  const judged = await judgeSvid(svid, { keys, trustDomain, audiences: [audience] }, nowMs() / 1000);
  if (!judged.ok) return status("invalidArgument", `the SVID ${judged.error.what} (${judged.error.code})`);
  const { spiffeId, claims, audiences } = judged.value;
  await call.send(writeValidateJwtSvidResponse(spiffeId, { ...claims, aud: audiences }));
  return OK;
}

/** grpc/grpc, doc/statuscodes.md: a server that cannot parse a request. */
function malformed(problem: string): Status {
  return status("internal", `The message ${problem}.`);
}

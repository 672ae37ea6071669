import type { Method } from "./call.ts";
import { readLengthDelimited, readText } from "./protobuf-reader.ts";
import { OK, status } from "./status.ts";

/** The health of a server (grpc/grpc, doc/health-checking.md): it answers, so it serves. */

export const HEALTH_CHECK = "/grpc.health.v1.Health/Check";

/** `HealthCheckResponse` with the status SERVING. */
const SERVING = Uint8Array.of(0x08, 0x01);

/** @param service the name of the one service that is here; the empty name is the server as a whole. */
export function healthCheck(service: string): Method {
  return async (request, call) => {
    const fields = readLengthDelimited(request);
    const asked = fields.ok ? readText(fields.value, 1) : fields;
    if (!asked.ok) return status("internal", `The message ${asked.error}.`);
    if (asked.value !== "" && asked.value !== service) return status("notFound", "unknown service");
    await call.send(SERVING);
    return OK;
  };
}

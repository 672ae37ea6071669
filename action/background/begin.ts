import * as path from "node:path";
import type { ListenPlace } from "../../shared/grpc/server.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { namedSocket, type SocketProblem } from "../../shared/workload-api/socket-folder.ts";
import type { ActionFailure } from "../explain.ts";
import type { WorkloadApiPlace } from "../inputs.ts";
import type { Assignment } from "./messages.ts";
import { ownerOf } from "./owner.ts";
import { apiSocketIn, type BackgroundState, discard, folderPorts, makeFolder } from "./place.ts";
import { type Background, startBackground } from "./start.ts";

/**
 * Begins what goes on until the job ends: the Workload API, or the renewal of the file.
 *
 * @param save keeps what `post` has to know. It is called before the process exists, and again once it does.
 */
export async function beginBackground(
  assigned: Pick<Assignment, "inputs" | "job" | "kept">,
  save: (state: BackgroundState) => void,
): Promise<Result<Background, ActionFailure>> {
  const folder = makeFolder();
  const place = placeOf(assigned.inputs.workloadApi, folder);
  if (!place.ok) {
    discard({ folder });
    return place;
  }
  const { listenAt } = place.value;
  const socket = listenAt !== undefined && "path" in listenAt ? { socket: listenAt.path } : {};
  const state = { folder, ...socket };
  save(state);
  const owner = ownerOf(process.ppid);
  const assignment = { ...assigned, folder, ...place.value, ...(owner === undefined ? {} : { owner }) };
  const begun = await startBackground(assignment, assigned.inputs.timeoutMs);
  if (begun.ok) save({ ...state, pid: begun.value.pid });
  else discard(begun.error.code === "address_unusable" ? { folder } : state); // The socket there is another server's.
  return begun;
}

/** SPIFFE Workload Endpoint §4: the host of an address is an IP, not a name. */
const ANY_PORT: ListenPlace = { host: "127.0.0.1", port: 0 };

function placeOf(
  place: WorkloadApiPlace | undefined,
  folder: string,
): Result<Pick<Assignment, "listenAt">, ActionFailure> {
  if (place === undefined) return ok({});
  if (place.kind === "tcp") return ok({ listenAt: ANY_PORT });
  const address = path.resolve(place.path ?? apiSocketIn(folder));
  try {
    const socket = namedSocket(address, folderPorts);
    return socket.ok ? ok({ listenAt: { path: address } }) : err(refused(socket.error));
  } catch (error) {
    const errno = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return err({ code: "address_unusable", address, errno });
  }
}

function refused(problem: SocketProblem): ActionFailure {
  const text =
    problem.code === "path_too_long"
      ? `names a path that is longer than the ${problem.limitBytes} bytes that the path of a socket may have: choose a shorter one`
      : `is in a folder that other users may enter (mode ${problem.mode.toString(8)}): choose a folder of mode 700, or one that does not exist`;
  return { code: "input_invalid", problems: [{ input: "socket", problem: text }] };
}

import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import {
  type FolderPorts,
  freshSocket,
  namedSocket,
  type SocketPlace,
  type SocketProblem,
} from "../../shared/workload-api/socket-folder.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { errnoOf } from "../text-file.ts";

/**
 * The place of the unix socket.
 *
 * @param named the path that the user gave; absent: a new folder.
 */
export function socketPlace(
  named: string | undefined,
  ports: Pick<Ports, "cwd" | "env">,
): Result<SocketPlace, Failure> {
  if (process.platform === "win32") {
    return misused("Windows has no unix sockets for SPIFFE programs.", "Give --tcp to serve on 127.0.0.1.");
  }
  try {
    return named === undefined ? ok(inNewFolder(ports)) : atPath(path.resolve(ports.cwd, named));
  } catch (error) {
    return failed(
      "socket_unusable",
      `The folder of the socket cannot be used (${errnoOf(error)}).`,
      "Give --socket a path in a folder that this job may write to.",
    );
  }
}

const folderPorts: FolderPorts = { fs, path, platform: process.platform };

function inNewFolder({ env, cwd }: Pick<Ports, "cwd" | "env">): SocketPlace {
  const ofSystem = env["RUNNER_TEMP"] || env["AGENT_TEMPDIRECTORY"] || tmpdir();
  return freshSocket([path.resolve(cwd, ofSystem), tmpdir(), "/tmp"], folderPorts);
}

function atPath(place: string): Result<SocketPlace, Failure> {
  const socket = namedSocket(place, folderPorts);
  return socket.ok ? socket : explain(socket.error, place);
}

function explain(problem: SocketProblem, place: string): Result<never, Failure> {
  if (problem.code === "path_too_long") {
    return misused(
      `--socket cannot be used: ${printable(place)} is longer than the ${problem.limitBytes} bytes that the path of a socket may have.`,
      `Give --socket a shorter path, for example /tmp/svid-exchange-${process.pid}/${path.basename(place).slice(0, 20)}`,
    );
  }
  return misused(
    `--socket cannot be used: other users may enter the folder ${printable(problem.folder)} (mode ${problem.mode.toString(8)}).`,
    [
      "Give --socket a path in a folder of mode 0700: each process that reaches the socket gets the job's SVIDs.",
      "A folder that is missing is made with this mode.",
    ],
  );
}

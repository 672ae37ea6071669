import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ok, type Result } from "../../shared/result.ts";
import {
  fitsSocket,
  freshSocket,
  maxSocketPathBytes,
  type SocketPlace,
} from "../../shared/workload-api/socket-folder.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { printable } from "../terminal/printable.ts";
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

function inNewFolder({ env, cwd }: Pick<Ports, "cwd" | "env">): SocketPlace {
  const ofSystem = env["RUNNER_TEMP"] || env["AGENT_TEMPDIRECTORY"] || tmpdir();
  return freshSocket([path.resolve(cwd, ofSystem), tmpdir(), "/tmp"], {
    fs,
    path,
    platform: process.platform,
  });
}

const OWNER_ONLY = 0o700;

function atPath(place: string): Result<SocketPlace, Failure> {
  if (!fitsSocket(place, process.platform)) return tooLong(place);
  const folder = path.dirname(place);
  fs.mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  const mode = fs.statSync(folder).mode & 0o777;
  if ((mode & ~OWNER_ONLY) !== 0) return tooOpen(folder, mode);
  return ok({ path: place, dispose: () => fs.rmSync(place, { force: true }) });
}

function tooLong(place: string): Result<never, Failure> {
  const limit = maxSocketPathBytes(process.platform);
  return misused(
    `--socket cannot be used: ${printable(place)} is longer than the ${limit} bytes that the path of a socket may have.`,
    `Give --socket a shorter path, for example /tmp/svid-exchange-${process.pid}/${path.basename(place).slice(0, 20)}`,
  );
}

function tooOpen(folder: string, mode: number): Result<never, Failure> {
  return misused(
    `--socket cannot be used: other users may enter the folder ${printable(folder)} (mode ${mode.toString(8)}).`,
    [
      "Give --socket a path in a folder of mode 0700: each process that reaches the socket gets the job's SVIDs.",
      "A folder that is missing is made with this mode.",
    ],
  );
}

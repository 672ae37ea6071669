import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ok, type Result } from "../../shared/result.ts";
import { fitsSocket, maxSocketPathBytes } from "../../shared/workload-api/socket-path.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { printable } from "../terminal/printable.ts";
import { errnoOf } from "../text-file.ts";

/** The place of a unix socket, in a folder that its owner alone may enter. */
export interface SocketPlace {
  readonly path: string;
  /** Removes the socket, and the folder where it was made for it. */
  readonly dispose: () => void;
}

const FILE_NAME = "api.sock";
const OWNER_ONLY = 0o700;

/** A socket in a new folder. */
export function freshSocket({ env }: Pick<Ports, "env">): Result<SocketPlace, Failure> {
  const temps = [env["RUNNER_TEMP"], env["AGENT_TEMPDIRECTORY"], tmpdir(), "/tmp"];
  const temp = temps.find(
    (folder) => folder !== undefined && folder !== "" && fits(folderName(folder, "XXXXXX")),
  );
  const prefix = folderName(temp ?? "/tmp", "");
  try {
    const folder = fs.mkdtempSync(prefix);
    const dispose = (): void => fs.rmSync(folder, { force: true, recursive: true });
    return ok({ path: path.join(folder, FILE_NAME), dispose });
  } catch (error) {
    return unusable(`No folder for the socket could be made at ${prefix} (${errnoOf(error)}).`);
  }
}

function folderName(temp: string, suffix: string): string {
  return path.join(path.resolve(temp), `svid-exchange-${suffix}`);
}

function fits(folder: string): boolean {
  return fitsSocket(path.join(folder, FILE_NAME), process.platform);
}

/** The socket that the user named. Its folder is made where it is missing. */
export function namedSocket(name: string, { cwd }: Pick<Ports, "cwd">): Result<SocketPlace, Failure> {
  const place = path.resolve(cwd, name);
  if (!fitsSocket(place, process.platform)) return tooLong(place);
  const folder = path.dirname(place);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    const mode = fs.statSync(folder).mode & 0o777;
    if ((mode & 0o077) !== 0) return tooOpen(folder, mode);
    return ok({ path: place, dispose: () => fs.rmSync(place, { force: true }) });
  } catch (error) {
    return unusable(`The folder ${printable(folder)} cannot be used (${errnoOf(error)}).`);
  }
}

function tooLong(place: string): Result<never, Failure> {
  const limit = maxSocketPathBytes(process.platform);
  return misused(
    `--socket cannot be used: ${printable(place)} is longer than the ${limit} bytes that the path of a socket may have.`,
    `Give --socket a shorter path, for example /tmp/svid-exchange-${process.pid}/${FILE_NAME}`,
  );
}

function tooOpen(folder: string, mode: number): Result<never, Failure> {
  return misused(
    `--socket cannot be used: other users may enter the folder ${printable(folder)} (mode ${mode.toString(8)}).`,
    [
      "Give --socket a path in a folder of mode 0700, because each process that reaches the socket gets the job's SVIDs.",
      "A folder that does not exist is made with this mode.",
    ],
  );
}

function unusable(message: string): Result<never, Failure> {
  return failed("socket_unusable", message, "Give --socket a path in a folder that this job may write to.");
}

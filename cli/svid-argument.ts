import { printable } from "../shared/printable.ts";
import { ok, type Result } from "../shared/result.ts";
import { type Failure, failed } from "./outcome.ts";
import type { Ports } from "./ports.ts";
import { readTextFile } from "./text-file.ts";

const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** @param place the SVID itself, a file that holds it, or `-` for standard input. */
export async function readSvid(place: string, ports: Ports): Promise<Result<string, Failure>> {
  if (place === "-") return ok((await ports.readStdin()).trim());
  if (COMPACT_JWS.test(place)) return ok(place);
  const text = readTextFile(place, ports.cwd);
  if (text.ok) return ok(text.value.trim());
  return failed(
    "svid_unreadable",
    `${printable(place)} is not a JWT, and no file of this name could be read (${text.error}).`,
    "Give the SVID, a file that holds it, or - for standard input.",
  );
}

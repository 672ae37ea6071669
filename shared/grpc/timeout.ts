import { err, ok, type Result } from "../result.ts";

/** Milliseconds of each unit of `grpc-timeout`. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1_000],
  ["m", 1],
  ["u", 1e-3],
  ["n", 1e-6],
]);

/** The longest pause that a timer of Node can make: a longer one ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Reads the header `grpc-timeout` (grpc/grpc, doc/PROTOCOL-HTTP2.md, "Timeout"): up to eight digits and a unit.
 *
 * @returns milliseconds, or `undefined` where the call has no deadline, or one that lies weeks ahead.
 */
export function parseTimeout(header: string | undefined): Result<number | undefined, string> {
  if (header === undefined) return ok(undefined);
  const [, digits = "", unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  const unitMs = UNITS.get(unit);
  if (unitMs === undefined) return err("the header grpc-timeout is malformed");
  const timeoutMs = Math.ceil(Number(digits) * unitMs);
  return ok(timeoutMs > LONGEST_TIMER_MS ? undefined : timeoutMs);
}

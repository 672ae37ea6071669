import { type Exchanged, mayPass, type SvidFailure } from "../../shared/client/get-svid.ts";
import { createSvidSource, type SvidSource } from "../../shared/renewal/svid-source.ts";
import type { Failure } from "../outcome.ts";
import { pause } from "../pause.ts";
import type { Ports } from "../ports.ts";
import type { PreparedExchange } from "./exchange.ts";

/** The SVIDs of a job, by audience: the file of `run` and the Workload API take theirs from the same ones. */
export type JobSvids = SvidSource<Exchanged, SvidFailure<Failure>>;

/** @param ended aborted once the job needs no SVID any more. */
export function jobSvids(
  { exchange, origin }: PreparedExchange,
  { nowMs }: Pick<Ports, "nowMs">,
  ended: AbortSignal,
): JobSvids {
  return createSvidSource({ exchange, mayPass, renewable: origin.renewable, nowMs, pause }, ended);
}

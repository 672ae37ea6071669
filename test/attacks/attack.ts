import type { DenialCode } from "../../shared/denial.ts";
import type { Arena, Sent } from "./arena.ts";

/** One row of the suite: what an attacker sends, and how it must end. */
export interface Attack {
  readonly name: string;
  readonly ends: DenialCode;
  /** How many outbound requests it may cost at most; 0 unless told otherwise. */
  readonly outbound?: number;
  readonly send: (arena: Arena) => Promise<Sent>;
}

/** Rows that send nothing but a subject token. */
export function tokens(
  ends: DenialCode,
  rows: Readonly<Record<string, (arena: Arena) => string | Promise<string>>>,
  outbound = 0,
): Attack[] {
  return Object.entries(rows).map(([name, token]) => ({
    name,
    ends,
    outbound,
    send: async (arena) => arena.send(await token(arena)),
  }));
}

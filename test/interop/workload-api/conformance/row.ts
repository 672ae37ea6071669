import { deepStrictEqual, ok as isTrue } from "node:assert/strict";
import type { Ended } from "../../../stage/workload-client.ts";
import type { Subject } from "./world.ts";

/** One requirement of the SPIFFE standards on whoever serves the Workload API. */
export interface Row {
  /** WE: SPIFFE Workload Endpoint. WA: SPIFFE Workload API. JS: JWT-SVID. ID: SPIFFE-ID. TB: Trust Domain and Bundle. */
  readonly clause: string;
  readonly level: "MUST" | "SHOULD" | "MAY";
  readonly what: string;
  /** Absent: it holds. Otherwise what is done instead, and why. */
  readonly deviation?: string;
  /** Throws where the subject behaves otherwise than the row says. */
  readonly check: (subject: Subject) => Promise<void>;
}

/** The statuses of gRPC (grpc/grpc, doc/statuscodes.md). */
export const OK = 0;
export const INVALID_ARGUMENT = 3;
export const PERMISSION_DENIED = 7;
export const UNIMPLEMENTED = 12;

export function expectCode({ code, message }: Ended, expected: number): void {
  deepStrictEqual(code, expected, `status ${code}: ${message}`);
}

/** Each of these SVIDs is valid. */
export function accepts(...tokens: readonly string[]): Row["check"] {
  return async ({ validate }) => {
    isTrue(tokens.length > 0);
    for (const one of tokens) expectCode(await validate(one), OK);
  };
}

/** None of these SVIDs is valid, while a good one is. */
export function rejects(good: string, ...tokens: readonly string[]): Row["check"] {
  return async ({ validate }) => {
    isTrue(tokens.length > 0);
    expectCode(await validate(good), OK);
    for (const one of tokens) expectCode(await validate(one), INVALID_ARGUMENT);
  };
}

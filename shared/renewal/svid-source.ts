import type { Times } from "../client/get-svid.ts";
import type { Result } from "../result.ts";
import { HeldSvid, type HoldPorts } from "./held-svid.ts";

/** The SVIDs of a job, one for each audience. The policy decides the SPIFFE ID, so an audience names one SVID. */
export type SvidSource<T extends Times, F> = (audience: string | undefined) => HeldSvid<T, F>;

type AudienceTimes = Times & { readonly audience: string };

export interface SourcePorts<T extends AudienceTimes, F> extends Omit<HoldPorts<T, F>, "exchange"> {
  /** @param audience `undefined`: the only audience of the policy. */
  readonly exchange: (audience: string | undefined) => Promise<Result<T, F>>;
}

/** A job has a handful of audiences. A program that asks for one after the other must not fill the memory. */
export const MAX_AUDIENCES = 200;

export function createSvidSource<T extends AudienceTimes, F>(
  ports: SourcePorts<T, F>,
  ended: AbortSignal,
): SvidSource<T, F> {
  const held = new Map<string | undefined, HeldSvid<T, F>>();
  return (audience) => {
    const ofPolicy = held.get(undefined);
    const known = ofPolicy?.last?.audience === audience ? ofPolicy : held.get(audience);
    if (known !== undefined) return known;
    if (held.size >= MAX_AUDIENCES) makeRoom(held);
    const fresh = new HeldSvid({ ...ports, exchange: () => ports.exchange(audience) }, ended);
    held.set(audience, fresh);
    return fresh;
  };
}

/** Forgets the audiences without an SVID, or else the oldest one: another question costs another exchange, and no more. */
function makeRoom<T extends Times, F>(held: Map<string | undefined, HeldSvid<T, F>>): void {
  const [oldest] = held.keys();
  for (const [audience, svid] of held) if (!svid.isHeld) held.delete(audience);
  if (held.size >= MAX_AUDIENCES) held.delete(oldest);
}

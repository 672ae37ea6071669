import type { Timing } from "../../../shared/key-timing.ts";
import type { PlanTime } from "../ring/plan-rules.ts";
import type { Ring, Sealed } from "../ring/ring.ts";
import type { PrivateMembers } from "../seal.ts";
import type { KeeperState, KeyCustody } from "./keeper-ports.ts";

/** Notes since when the current key-encryption key is configured, and again where a clock that was ahead noted it. */
export function noteKek(state: KeeperState, custody: KeyCustody, { latest }: PlanTime): KeeperState {
  const [kek] = custody.keks;
  const isNoted = state.sealing?.kek === kek && state.sealing.since <= latest;
  return isNoted ? state : { ...state, sealing: { kek, since: latest } };
}

/** The id of the key-encryption key that seals: a new one only once every running Worker has it and can open with it. */
export function sealingKek(
  state: KeeperState,
  base: Ring<Sealed> | undefined,
  custody: KeyCustody,
  { now, earliest, isSettled }: PlanTime,
  timing: Timing,
): string {
  const [current] = custody.keks;
  const former = base?.keys.find((key) => key.secret !== null)?.secret?.kek;
  const asOf = isSettled ? now : earliest;
  const isDeployed = asOf - (state.sealing?.since ?? asOf) >= timing.deploymentDelay;
  return isDeployed || former === undefined || !custody.keks.includes(former) ? current : former;
}

/** True where every private key is as it should be: under this key-encryption key, none lost, none to be erased. */
export function isSealedUnder(base: Ring<Sealed>, opened: Ring<PrivateMembers>, kek: string): boolean {
  return base.keys.every((key, index) =>
    key.secret === null ? true : key.secret.kek === kek && opened.keys[index]?.secret !== null,
  );
}

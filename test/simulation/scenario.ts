import type { Timing } from "../../shared/key-timing.ts";
import type { Incident } from "./incidents.ts";
import type { Habits } from "./relying-parties.ts";
import type { Nature, Weakness } from "./world.ts";

/** How cron runs. `worst`: it misses as many runs in a row as it may and is as late as it may be, all the time. */
export type CronStyle = "steady" | "sloppy" | "worst";

export interface Scenario {
  readonly rotateEvery: number;
  /** Seconds of virtual time. */
  readonly duration: number;
  readonly timing?: Timing;
  readonly nature?: Partial<Nature>;
  readonly weakness?: Weakness;
  readonly incidents?: readonly Incident[];
  readonly habits?: readonly Habits[];
  readonly cron?: CronStyle;
}

export interface Tally {
  minted: number;
  verified: number;
  revoked: number;
}

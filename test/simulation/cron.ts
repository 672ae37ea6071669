import type { Stage } from "./incidents.ts";
import type { CronStyle } from "./scenario.ts";

const HOUR = 3_600;

/** Schedules cron, hourly from an instant on. @param missed how many runs in a row were missed just before. */
export function scheduleCron(stage: Stage, style: CronStyle, at: number, missed = 0): void {
  const { random, world } = stage;
  world.agenda.at(at, () => {
    if (at < stage.cronDeadUntil) {
      scheduleCron(stage, style, at + HOUR, missed);
      return;
    }
    const mayMiss = style === "worst" || (style === "sloppy" && random.chance(0.3));
    const isMissed = mayMiss && missed < world.nature.missedCrons;
    scheduleCron(stage, style, at + HOUR, isMissed ? missed + 1 : 0);
    if (!isMissed) scheduleRuns(stage, style, at);
  });
}

/** One run, or two of the same hour; late or not. */
function scheduleRuns({ random, world }: Stage, style: CronStyle, at: number): void {
  const { cronLateness } = world.nature;
  const runs = style === "sloppy" && random.chance(0.2) ? 2 : 1;
  for (let run = 0; run < runs; run++) {
    const late = { steady: () => 0, sloppy: () => random.delay(cronLateness), worst: () => cronLateness };
    world.agenda.at(at + late[style](), () => world.cron());
  }
}

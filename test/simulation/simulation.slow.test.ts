import { describe, expect, test } from "vitest";
import { TIMING } from "../../shared/key-timing.ts";
import { INCIDENTS } from "./incidents.ts";
import { AT_THE_BOUNDS, DAY, HOUR, SHORTEST } from "./profiles.ts";
import type { Scenario } from "./scenario.ts";
import { simulate } from "./simulation.ts";

/**
 * One seed is one deployment with its own weather. SIMULATION_SEEDS multiplies the number of seeds (for a night's run),
 * SIMULATION_SEED runs one alone: the one that a failure names.
 */
const TIMES = Number(process.env["SIMULATION_SEEDS"] ?? 1);
const ONLY = process.env["SIMULATION_SEED"];
const CRONS = ["worst", "sloppy", "steady"] as const;

interface Climate {
  readonly name: string;
  readonly seeds: number;
  readonly scenario: (seed: number) => Scenario;
}

const CLIMATES: readonly Climate[] = [
  {
    name: "the first days of a deployment, at the shortest rotation and with every time at its bound",
    seeds: 2_000,
    scenario: (seed) => ({
      rotateEvery: SHORTEST,
      duration: 36 * HOUR,
      timing: AT_THE_BOUNDS,
      cron: CRONS[seed % 3] ?? "steady",
      incidents: INCIDENTS,
    }),
  },
  {
    name: "weeks at the shortest rotation, with every time at its bound",
    seeds: 90,
    scenario: (seed) => ({
      rotateEvery: SHORTEST,
      duration: 12 * DAY,
      timing: AT_THE_BOUNDS,
      cron: CRONS[seed % 3] ?? "steady",
      incidents: INCIDENTS,
    }),
  },
  {
    name: "a season with the times that are in force",
    seeds: 60,
    scenario: (seed) => {
      const rotateEvery = [12 * HOUR, 2 * DAY, 7 * DAY, 30 * DAY][seed % 4] ?? DAY;
      return {
        rotateEvery,
        duration: Math.max(3 * rotateEvery, 20 * DAY),
        timing: TIMING,
        cron: CRONS[seed % 3] ?? "steady",
        incidents: INCIDENTS,
      };
    },
  },
];

describe("every SVID verifies everywhere until it expires, and no revoked key after its bound", () => {
  test.each(CLIMATES)("$name", { timeout: 600_000 * TIMES }, async ({ name, seeds, scenario }) => {
    const total = { minted: 0, verified: 0, revoked: 0, days: 0, seeds: 0 };
    for (let seed = 0; seed < seeds * TIMES; seed++) {
      if (ONLY !== undefined && seed !== Number(ONLY)) continue;
      const { duration } = scenario(seed);
      const { minted, verified, revoked } = await simulate(seed, scenario(seed));
      total.minted += minted;
      total.verified += verified;
      total.revoked += revoked;
      total.days += duration / DAY;
      total.seeds++;
    }
    console.log(`${name}: ${JSON.stringify({ ...total, days: Math.round(total.days) })}`);
    expect(total.verified).toBeGreaterThan(total.minted);
    expect(total.minted).toBeGreaterThan(total.days * 4);
  });
});

import { defineConfig } from "vitest/config";
import { RUNS } from "./test/runs.ts";

const starting = { globalSetup: ["test/stage/deployed-config.ts"], hookTimeout: 60_000 };

export default defineConfig({
  test: {
    reporters: ["default", "./test/plain-summary.ts"],
    // The local runtime asks Cloudflare for a sample of request.cf and reports usage; tests stay on this machine.
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
    maxWorkers: 2,
    // A file closes what it starts and restores what it replaces, so that one process serves for many files: half of the
    // time of the fast run would otherwise go into loading modules.
    isolate: false,
    restoreMocks: true,
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: "fast", ...RUNS.fast } },
      { extends: true, test: { name: "workerd", ...RUNS.workerd, ...starting } },
      { extends: true, test: { name: "slow", ...RUNS.slow, ...starting } },
    ],
  },
});

import { defineConfig } from "vitest/config";

/** A test file belongs to the run that its name ends with, or to `fast`. test/README.md says what each run may do. */
const RUNS = {
  fast: { include: ["test/**/*.test.ts"], exclude: ["test/**/*.{workerd,slow}.test.ts"] },
  workerd: { include: ["test/**/*.workerd.test.ts"] },
  slow: { include: ["test/**/*.slow.test.ts"] },
};

const startsWorkerd = {
  globalSetup: ["test/stage/deployed-config.ts"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    reporters: ["default", "./test/plain-summary.ts"],
    // The local runtime asks Cloudflare for a sample of request.cf and reports usage; tests stay on this machine.
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "fast", ...RUNS.fast, testTimeout: 30_000 } },
      { extends: true, test: { name: "workerd", ...RUNS.workerd, ...startsWorkerd } },
      { extends: true, test: { name: "slow", ...RUNS.slow, ...startsWorkerd } },
    ],
  },
});

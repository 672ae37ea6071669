import { setTimeout as sleep } from "node:timers/promises";
import * as core from "@actions/core";
import { context } from "@actions/github";
import { type ActionFailure, explain } from "./explain.ts";
import type { Facts } from "./explained.ts";
import { proxiedFetch } from "./http.ts";
import { idTokenService } from "./id-token.ts";
import { readInputs } from "./inputs.ts";
import { jobOf } from "./job.ts";
import { publishPlan, publishSvid } from "./outputs.ts";
import { reportFailure } from "./report.ts";
import { type RunPorts, run } from "./run.ts";

/** The step itself: inputs, exchange, outputs. The only place where the runner's process meets the rest. */

const ports: RunPorts = {
  fetch: proxiedFetch,
  nowMs: Date.now,
  sleep: async (ms) => sleep(ms),
  random: Math.random,
  mask: core.setSecret,
  userAgent: "svid-exchange-action",
};

async function main(): Promise<void> {
  const job = jobOf(context, process.env);
  const inputs = readInputs(core.getInput);
  if (!inputs.ok) return fail({ code: "input_invalid", problems: inputs.error }, { job });
  const { outcome, claims } = await run(inputs.value, idTokenService(process.env), ports);
  const facts = { job, inputs: inputs.value, ...(claims === undefined ? {} : { claims }) };
  if (!outcome.ok) return fail(outcome.error, facts);
  const { svid } = outcome.value;
  if (svid === undefined || inputs.value.dryRun) publishPlan(outcome.value);
  else await publishSvid(svid, outcome.value, inputs.value);
}

async function fail(failure: ActionFailure, facts: Facts): Promise<void> {
  process.exitCode = core.ExitCode.Failure;
  await reportFailure(explain(failure, facts), facts);
}

main().catch((bug: unknown) => core.setFailed(bug instanceof Error ? bug : String(bug)));

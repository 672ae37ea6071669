import { setTimeout as sleep } from "node:timers/promises";
import * as core from "@actions/core";
import { context } from "@actions/github";
import { plan } from "../shared/client/exchange.ts";
import { withUserAgent } from "../shared/client/fetch.ts";
import { ID_TOKEN_PROTOCOLS, idTokenService } from "../shared/client/id-token.ts";
import { type ActionFailure, explain } from "./explain.ts";
import type { Facts } from "./explanation.ts";
import { getSvid } from "./get-svid.ts";
import { idTokensOf } from "./id-token.ts";
import { readInputs } from "./inputs.ts";
import { jobOf } from "./job.ts";
import { publishPlan, publishSvid } from "./outputs.ts";
import type { ActionPorts } from "./ports.ts";
import { proxiedFetch } from "./proxied-fetch.ts";
import { reportFailure } from "./report.ts";

/** The step: reads the inputs, gets the SVID, writes the outputs. Only here the process of the runner meets the rest. */

const ports: ActionPorts = {
  fetch: withUserAgent(proxiedFetch, "svid-exchange-action"),
  nowMs: Date.now,
  sleep: async (ms) => sleep(ms),
  random: Math.random,
  timeoutSignal: (ms) => AbortSignal.timeout(ms),
  mask: core.setSecret,
};

async function main(): Promise<void> {
  const job = jobOf(context, process.env);
  const inputs = readInputs(core.getInput);
  if (!inputs.ok) return fail({ code: "input_invalid", problems: inputs.error }, { job });
  const service = idTokenService(ID_TOKEN_PROTOCOLS.github, process.env);
  const idTokens = idTokensOf(service, inputs.value.tokenAudience, ports);
  const facts = (): Facts => ({ job, inputs: inputs.value, claims: idTokens.lastClaims() });
  if (inputs.value.dryRun) {
    const planned = await plan({ ...inputs.value, subjectToken: idTokens.next }, ports);
    return planned.ok ? publishPlan(planned.value) : fail(planned.error, facts());
  }
  const minted = await getSvid(inputs.value, idTokens.next, ports);
  return minted.ok ? publishSvid(minted.value, inputs.value) : fail(minted.error, facts());
}

async function fail(failure: ActionFailure, facts: Facts): Promise<void> {
  process.exitCode = core.ExitCode.Failure;
  await reportFailure(explain(failure, facts), facts);
}

main().catch((bug: unknown) => core.setFailed(bug instanceof Error ? bug : String(bug)));

import { setTimeout as sleep } from "node:timers/promises";
import * as core from "@actions/core";
import { context } from "@actions/github";
import { plan } from "../shared/client/exchange.ts";
import { withUserAgent } from "../shared/client/fetch.ts";
import { ID_TOKEN_PROTOCOLS, idTokenService } from "../shared/client/id-token.ts";
import { beginBackground } from "./background/begin.ts";
import { publishEndpoint, saveBackground } from "./background/publish.ts";
import { type ActionFailure, explain } from "./explain.ts";
import type { Facts } from "./explanation.ts";
import { getMaskedSvid } from "./get-masked-svid.ts";
import { idTokensOf } from "./id-token.ts";
import { readInputs, wantsFile } from "./inputs.ts";
import { jobOf } from "./job.ts";
import { publishPlan, publishSvid } from "./outputs.ts";
import type { ActionPorts } from "./ports.ts";
import { proveIdToken } from "./prove-id-token.ts";
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
  const read = readInputs(core.getInput, process.platform);
  if (!read.ok) return fail({ code: "input_invalid", problems: read.error }, { job });
  const inputs = read.value;
  const service = idTokenService(ID_TOKEN_PROTOCOLS.github, process.env);
  const idTokens = idTokensOf(service, inputs.tokenAudience, ports);
  const facts = (): Facts => ({ job, inputs, claims: idTokens.lastClaims() });
  if (inputs.dryRun) {
    const planned = await plan({ ...inputs, subjectToken: idTokens.next }, ports);
    return planned.ok ? publishPlan(planned.value) : fail(planned.error, facts());
  }
  const minted = wantsFile(inputs)
    ? await getMaskedSvid(inputs, idTokens.next, ports)
    : await proveIdToken(inputs, idTokens.next, ports);
  if (!minted.ok) return fail(minted.error, facts());
  const kept = minted.value && { first: minted.value, file: publishSvid(minted.value, inputs) };
  if (!inputs.renew && inputs.workloadApi === undefined) return;
  const begun = await beginBackground(
    { inputs, job, ...(inputs.renew && kept ? { kept } : {}) },
    saveBackground,
  );
  return begun.ok ? publishEndpoint(begun.value) : fail(begun.error, facts());
}

async function fail(failure: ActionFailure, facts: Facts): Promise<void> {
  process.exitCode = core.ExitCode.Failure;
  await reportFailure(explain(failure, facts), facts);
}

main().catch((bug: unknown) => core.setFailed(bug instanceof Error ? bug : String(bug)));

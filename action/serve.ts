import { createServer } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientPorts } from "../shared/client/exchange.ts";
import { withUserAgent } from "../shared/client/fetch.ts";
import { ID_TOKEN_PROTOCOLS, idTokenService } from "../shared/client/id-token.ts";
import { serveJob } from "./background/job.ts";
import type { Assignment, Reply } from "./background/messages.ts";
import { proxiedFetch } from "./proxied-fetch.ts";

/** The background process of a step: takes its assignment from the step, and goes on until the job ends. */

const network: ClientPorts = {
  fetch: withUserAgent(proxiedFetch, "svid-exchange-action"),
  nowMs: Date.now,
  sleep: async (ms) => sleep(ms),
  random: Math.random,
  timeoutSignal: (ms) => AbortSignal.timeout(ms),
};

process.once("message", async (assignment: Assignment) => {
  const service = idTokenService(ID_TOKEN_PROTOCOLS.github, process.env);
  await serveJob(assignment, { ...network, createServer, pause, service, reply });
  process.exit();
});

function reply(answer: Reply): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(answer, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Ends early, and without an error, once the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => {});
}

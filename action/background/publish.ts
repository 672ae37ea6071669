import * as core from "@actions/core";
import { printable } from "../../shared/printable.ts";
import { ENDPOINT_VARIABLE } from "../../shared/workload-api/open.ts";
import { BACKGROUND_STATE, type BackgroundState } from "./place.ts";
import type { Background } from "./start.ts";

/** Keeps for `post` what it needs to end the background process. The last state counts. */
export function saveBackground(state: BackgroundState): void {
  core.saveState(BACKGROUND_STATE, JSON.stringify(state));
}

/** Tells the steps that follow where the Workload API is. */
export function publishEndpoint({ endpoint }: Background): void {
  if (endpoint === undefined) return;
  core.exportVariable(ENDPOINT_VARIABLE, endpoint);
  core.setOutput("spiffe-endpoint-socket", endpoint);
  core.info(printable(`The SPIFFE Workload API of this job is at ${endpoint}`));
}

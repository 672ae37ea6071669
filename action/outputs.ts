import { tmpdir } from "node:os";
import * as core from "@actions/core";
import { type SvidFile, writeSvidFile } from "../shared/client/svid-file.ts";
import { unverifiedJwt } from "../shared/client/unverified-jwt.ts";
import { printable } from "../shared/printable.ts";
import { formatInstant } from "../shared/time.ts";
import type { Decision, Minted, Plan } from "../shared/wire.ts";
import type { Inputs } from "./inputs.ts";
import { filePorts, placeSvidFile, SVID_FILE_STATE } from "./svid-file.ts";

/** Tells the job what a dry run found. */
export function publishPlan(plan: Plan): void {
  core.info(
    printable(
      `The SVID would be ${plan.spiffeId} for ${plan.audience}, granted by the policy ${plan.policy}.`,
    ),
  );
  publishDecision(plan);
}

/**
 * Hands the SVID to the steps that follow. It is masked already. The state that `post` reads is saved before the file
 * exists, so that a job that is cancelled in between leaves nothing behind; it holds the path, never the SVID.
 */
export function publishSvid(minted: Minted, inputs: Inputs): SvidFile {
  const { svid, spiffeId, audience, policy } = minted;
  const file = placeSvidFile(inputs.svidFile, process.env["RUNNER_TEMP"] || tmpdir());
  core.saveState(SVID_FILE_STATE, JSON.stringify(file));
  writeSvidFile(file, svid, filePorts);
  publishDecision(minted);
  // Without the file, the runner would take outputs from the log.
  if (process.env["GITHUB_OUTPUT"]) core.setOutput("svid", svid);
  core.setOutput("svid-file", file.path);
  core.setOutput("expires-at", expiry(svid));
  if (inputs.exportEnv !== undefined) core.exportVariable(inputs.exportEnv, file.path);
  core.info(printable(`The SVID is ${spiffeId} for ${audience}, granted by the policy ${policy}.`));
  core.info(printable(`The file ${file.path} holds it. It expires at ${expiry(svid)}.`));
  return file;
}

function publishDecision({ spiffeId, audience, policy }: Decision): void {
  core.setOutput("spiffe-id", spiffeId);
  core.setOutput("audience", audience);
  core.setOutput("policy", policy);
}

/** The SVID's own `exp` in ISO 8601, without milliseconds. */
function expiry(svid: string): string {
  const exp = unverifiedJwt(svid)?.claims["exp"];
  return typeof exp === "number" ? formatInstant(exp) : "";
}

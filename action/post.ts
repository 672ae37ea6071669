import { existsSync } from "node:fs";
import * as core from "@actions/core";
import { removeSvidFile, type SvidFile } from "../shared/client/svid-file.ts";
import { printable } from "../shared/printable.ts";
import { BACKGROUND_STATE, type BackgroundState } from "./background/place.ts";
import { type Stopped, stopBackground } from "./background/stop.ts";
import { filePorts, SVID_FILE_STATE } from "./svid-file.ts";

/** Runs when the job ends, however it ends: ends the background process, and removes the SVID's file. */
async function post(): Promise<void> {
  const background = core.getState(BACKGROUND_STATE);
  const file = core.getState(SVID_FILE_STATE);
  try {
    if (background !== "") await endBackground(JSON.parse(background));
  } finally {
    if (file !== "") removeFile(JSON.parse(file));
  }
}

async function endBackground(state: BackgroundState): Promise<void> {
  if (!existsSync(state.folder)) return; // It never began, and the step said so.
  const { how, log } = await stopBackground(state);
  if (how !== "asked") core.warning(WARNINGS[how]);
  if (log.length === 0) return;
  core.startGroup("Log of the background process");
  for (const line of log) core.info(printable(line));
  core.endGroup();
}

const WARNINGS: { readonly [how in Exclude<Stopped["how"], "asked">]: string } = {
  gone: "The background process had ended before the job did, so programs could get no SVID. Its log says more.",
  killed: "The background process did not end when it was asked to, so it was killed. Its log says more.",
};

function removeFile(file: SvidFile): void {
  removeSvidFile(file, filePorts);
  core.info(printable(`Deleted ${file.path}.`));
}

post().catch((error: unknown) => core.warning(error instanceof Error ? error : String(error)));

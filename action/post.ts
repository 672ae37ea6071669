import * as core from "@actions/core";
import { removeSvidFile, SVID_FILE_STATE, type SvidFile } from "./svid-file.ts";

/** Runs when the job ends, however it ends: takes the SVID's file away. */
async function post(): Promise<void> {
  const saved = core.getState(SVID_FILE_STATE);
  if (saved === "") return;
  const file: SvidFile = JSON.parse(saved);
  await removeSvidFile(file);
  core.info(`Deleted ${file.path}.`);
}

post().catch((error: unknown) => core.warning(error instanceof Error ? error : String(error)));

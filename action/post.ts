import * as core from "@actions/core";
import { removeSvidFile, type SvidFile } from "../shared/client/svid-file.ts";
import { filePorts, SVID_FILE_STATE } from "./svid-file.ts";

/** Runs when the job ends, however it ends: removes the SVID's file. */
function post(): void {
  const saved = core.getState(SVID_FILE_STATE);
  if (saved === "") return;
  const file: SvidFile = JSON.parse(saved);
  removeSvidFile(file, filePorts);
  core.info(`Deleted ${file.path}.`);
}

try {
  post();
} catch (error) {
  core.warning(error instanceof Error ? error : String(error));
}

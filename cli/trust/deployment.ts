import { dirname } from "node:path";
import type { Deployment } from "../../shared/trust/lint/lint.ts";
import { readTextFile } from "../text-file.ts";
import { wranglerConfiguration } from "./project-wrangler.ts";

/** `binding = "NAME"` of TOML, and `"binding": "NAME"` of JSON. */
const BINDING = /\bbinding["']?\s*[=:]\s*["']([A-Za-z_]\w*)["']/g;
const COMMENT = /^\s*(?:#|\/\/).*$/gm;

/**
 * What wrangler's configuration beside a trust document, or in the nearest folder above it, says of the Worker. It finds
 * names of bindings by their form alone, in every environment: enough to tell a name that is nowhere.
 *
 * @param document the path of the trust document.
 */
export function deploymentBeside(document: string): Deployment {
  const path = wranglerConfiguration(dirname(document));
  const text = path === undefined ? undefined : readTextFile(path, dirname(path));
  if (!text?.ok) return {};
  const found = text.value.replace(COMMENT, "").matchAll(BINDING);
  return { bindings: new Set(Array.from(found, ([, name = ""]) => name)) };
}

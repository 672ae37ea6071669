import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import type { Command } from "../party.ts";
import type { Answer, Workload } from "./workload.ts";

/** `spiffe-helper`, which writes an SVID and the bundle into files and ends. */
export function spiffeHelper([program]: Command, endpoint: string): Workload {
  const folder = mkdtempSync(join(tmpdir(), "spiffe-helper-"));
  const config = join(folder, "helper.conf");
  const token = join(folder, "svid.token");
  const bundle = join(folder, "bundle.json");
  const run = (audience: string, read: () => Answer): Promise<Answer | undefined> =>
    new Promise((resolve) => {
      writeFileSync(config, configuration({ endpoint, folder, audience }));
      execFile(program, ["-config", config], { timeout: LONGEST_RUN_MS }, (error, _, stderr) => {
        if (error?.killed === true) resolve(undefined);
        else resolve(error === null ? read() : { code: "unknown", message: stderr });
      });
    });
  return {
    ask: async (command, ...[audience = ANY_AUDIENCE, id]) => {
      if (command === "fetch" && id === undefined && !audience.includes(","))
        return run(audience, () => fetched(token));
      return command === "bundles" ? run(audience, () => bundles(bundle)) : undefined;
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Where it is refused, it asks again and again, and says nothing. */
const LONGEST_RUN_MS = 8_000;
/** It writes the bundle only beside an SVID. */
const ANY_AUDIENCE = "https://vault.example.org";

interface Settings {
  readonly endpoint: string;
  readonly folder: string;
  readonly audience: string;
}

/** Its address is a path: it puts `unix://` before it, also where it reads SPIFFE_ENDPOINT_SOCKET. */
function configuration({ endpoint, folder, audience }: Settings): string {
  return `agent_address = ${JSON.stringify(endpoint.replace(/^unix:\/\//, ""))}
cert_dir = ${JSON.stringify(folder)}
daemon_mode = false
jwt_svids = [{jwt_audience = ${JSON.stringify(audience)}, jwt_svid_file_name = "svid.token"}]
jwt_bundle_file_name = "bundle.json"
`;
}

function fetched(file: string): Answer {
  const token = readFileSync(file, "utf8").trim();
  return { ok: { id: decodeJwt(token).sub, token } };
}

/** It names a trust domain without its scheme, and writes the key set in base64. */
function bundles(file: string): Answer {
  const written: Readonly<Record<string, string>> = JSON.parse(readFileSync(file, "utf8"));
  const domains = Object.entries(written).map(([domain, jwks]) => [`spiffe://${domain}`, kidsOf(jwks)]);
  return { ok: Object.fromEntries(domains) };
}

function kidsOf(base64: string): readonly string[] {
  const { keys } = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  return keys.map(({ kid }: { kid: string }) => kid).sort();
}

import type { JsonObject } from "../../shared/json.ts";
import { ok } from "../../shared/result.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { exchangeUrlFlag } from "../flag-values.ts";
import { readJsonDocument } from "../json-document.ts";
import type { Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { keyLines } from "../svid/key-lines.ts";
import { keyOverview } from "../svid/key-overview.ts";
import { keysOfIssuer } from "../svid/published.ts";

export interface KeysFlags {
  readonly exchangeUrl?: string;
}

export const addKeys: AddCommand = (program, ports, finish) => {
  addSubcommand(program, "keys", "show the published keys: which key signs now, which key is next, and when")
    .option("--exchange-url <url>", "base URL of the exchange (default: $SVID_EXCHANGE_URL)")
    .action(async (flags: KeysFlags & JsonFlag) => {
      finish(await keysCommand(flags, ports), flags);
    });
};

/** `svid-exchange keys`: shows each signing key and its life, from the public documents alone. */
async function keysCommand(flags: KeysFlags, ports: Ports): Promise<Outcome> {
  const issuer = exchangeUrlFlag(flags, ports);
  if (!issuer.ok) return issuer;
  const found = await keysOfIssuer(issuer.value, ports);
  if (!found.ok) return found;
  const bundle = await readJsonDocument(`${issuer.value}/.well-known/spiffe-bundle.json`, ports);
  const health = await readJsonDocument(`${issuer.value}/healthz`, ports, [200, 503]);
  const overview = keyOverview({ issuer: issuer.value, jwks: found.value.document, bundle, health });
  return ok({
    exit: overview.status === "unavailable" ? 1 : 0,
    json: overview as unknown as JsonObject,
    text: `${keyLines(overview, ports.paint, ports.nowMs()).join("\n")}\n`,
  });
}

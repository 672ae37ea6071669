import { isJsonObject, type JsonObject, type JsonValue } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import { formatSpan } from "../../shared/time.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type Discovered, discoverKeys, issuerFlag, readPublished } from "../svid/published.ts";
import { type Paint, printable } from "../terminal/paint.ts";

export interface KeysFlags {
  readonly exchangeUrl?: string;
}

export const addKeys: AddCommand = (program, ports, finish) => {
  addSubcommand(program, "keys", "show the published keys: which one signs, which one is next, and when")
    .option("--exchange-url <url>", "base URL of the exchange (default: $SVID_EXCHANGE_URL)")
    .action(async (flags: KeysFlags & JsonFlag) => {
      finish(await keysCommand(flags, ports), flags);
    });
};

/** One signing key, as the published documents together tell it. */
interface KeyRow {
  readonly kid: string;
  readonly algorithm: string;
  /** As /healthz says; `unknown` where the issuer has none. */
  readonly use: string;
  readonly inJwks: boolean;
  readonly inBundle: boolean;
  /** ISO 8601, from /healthz. */
  readonly publishedAt?: string;
  readonly signsFrom?: string;
  readonly signsUntil?: string;
  readonly verifiesUntil?: string;
}

interface Overview {
  readonly issuer: string;
  readonly status: string;
  readonly sequence: JsonValue;
  readonly keys: readonly KeyRow[];
  /** What someone should look at, a sentence each. */
  readonly remarks: readonly string[];
}

/** `svid-exchange keys`: what is published, what signs, what is next and when, from the public documents alone. */
async function keysCommand(flags: KeysFlags, ports: Ports): Promise<Outcome> {
  const address = flags.exchangeUrl ?? ports.env["SVID_EXCHANGE_URL"];
  if (address === undefined) {
    return misused(
      "The exchange's address is missing.",
      "Give --exchange-url https://… or set SVID_EXCHANGE_URL.",
    );
  }
  const issuer = issuerFlag("--exchange-url", address);
  if (!issuer.ok) return issuer;
  const found = await discoverKeys(issuer.value, ports);
  if (!found.ok) return found;
  const bundle = await readPublished(`${issuer.value}/.well-known/spiffe-bundle.json`, ports);
  const health = await readPublished(`${issuer.value}/healthz`, ports, [200, 503]);
  const overview = combine(found.value, bundle, health);
  const healthy = overview.status !== "unavailable";
  return ok({
    exit: healthy ? 0 : 1,
    json: overview as unknown as JsonObject,
    text: asText(overview, ports),
  });
}

type Read = Result<{ readonly body: JsonObject }, Failure>;

function combine({ issuer, keys: jwks }: Discovered, bundle: Read, health: Read): Overview {
  const bundled = bundle.ok ? objects(bundle.value.body["keys"]) : [];
  const state = health.ok ? member(health.value.body, "signing_keys") : {};
  const reports = objects(state["keys"]);
  const kids = new Set([...jwks, ...bundled, ...reports].map((key) => text(key["kid"])));
  const find = (keys: readonly JsonObject[], kid: string) => keys.find((key) => key["kid"] === kid);
  const rows = [...kids].map((kid) => rowOf(kid, find(jwks, kid), find(bundled, kid), find(reports, kid)));
  return {
    issuer,
    status: health.ok ? text(health.value.body["status"]) : "unknown",
    sequence: bundle.ok ? (bundle.value.body["spiffe_sequence"] ?? null) : null,
    keys: rows.toSorted(bySigning),
    remarks: [
      ...[bundle, health].flatMap((read) => (read.ok ? [] : [read.error.message])),
      ...(health.ok ? refusedConfig(health.value.body) : []),
      ...objects(state["problems"]).map(problemLine),
      ...(bundle.ok ? rows.flatMap(differences) : []),
    ],
  };
}

function rowOf(
  kid: string,
  inJwks: JsonObject | undefined,
  inBundle: JsonObject | undefined,
  report: JsonObject | undefined,
): KeyRow {
  return {
    kid,
    algorithm: text(report?.["algorithm"] ?? inJwks?.["alg"] ?? "?"),
    use: text(report?.["use"] ?? "unknown"),
    inJwks: inJwks !== undefined,
    inBundle: inBundle !== undefined,
    ...(report === undefined
      ? {}
      : {
          publishedAt: text(report["published_at"]),
          signsFrom: text(report["signs_from"]),
          signsUntil: text(report["signs_until"]),
          verifiesUntil: text(report["verifies_until"]),
        }),
  };
}

const USES = ["signing", "standby", "retired", "revoked", "unknown"];

function bySigning(a: KeyRow, b: KeyRow): number {
  return a.algorithm.localeCompare(b.algorithm) || USES.indexOf(a.use) - USES.indexOf(b.use);
}

function differences({ kid, inJwks, inBundle }: KeyRow): readonly string[] {
  if (inJwks === inBundle) return [];
  const [there, missing] = inJwks ? ["the JWKS", "the SPIFFE bundle"] : ["the SPIFFE bundle", "the JWKS"];
  return [`${kid} is in ${there} and not in ${missing}: caches differ for up to five minutes after a change`];
}

function refusedConfig(health: JsonObject): readonly string[] {
  const refused = health["refused_config"];
  if (!isJsonObject(refused)) return [];
  return [`the trust document ${text(refused["version"])} in KV is refused; an older one is in force`];
}

function problemLine(problem: JsonObject): string {
  const about = ["kid", "algorithm", "since"].flatMap((name) =>
    name in problem ? [text(problem[name])] : [],
  );
  return `${text(problem["code"])}: ${text(problem["says"])}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
}

function asText({ issuer, status, sequence, keys, remarks }: Overview, { paint, nowMs }: Ports): string {
  const good = status === "ok" ? paint.good : status === "unavailable" ? paint.bad : paint.warn;
  const algorithms = [...new Set(keys.map((key) => key.algorithm))];
  const lines = [
    `${paint.bold(issuer)}  ${good(printable(status))}  ${paint.dim(`sequence ${JSON.stringify(sequence)}`)}`,
    ...algorithms.flatMap((algorithm) => [
      "",
      printable(algorithm),
      ...keys.filter((key) => key.algorithm === algorithm).map((key) => keyLine(key, paint, nowMs())),
    ]),
    ...(remarks.length === 0
      ? []
      : ["", ...remarks.map((remark) => `${paint.warn("!")} ${printable(remark)}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

function keyLine(key: KeyRow, paint: Paint, nowMs: number): string {
  const style = key.use === "signing" ? paint.good : key.use === "revoked" ? paint.bad : paint.dim;
  return `  ${style(printable(key.use).padEnd(8))} ${printable(key.kid)}  ${printable(story(key, nowMs))}`.trimEnd();
}

/** What is known about the key's life, from where it stands in it. */
function story({ use, publishedAt, signsFrom, signsUntil, verifiesUntil }: KeyRow, nowMs: number): string {
  const published = ago(publishedAt, nowMs);
  switch (use) {
    case "signing":
      return `published ${published}, signs since ${ago(signsFrom, nowMs)}, until ${ahead(signsUntil, nowMs)} at most`;
    case "standby":
      return `published ${published}, signs ${ahead(signsFrom, nowMs)}`;
    case "retired":
      return `published ${published}, verifies until ${ahead(verifiesUntil, nowMs)}`;
    default:
      return "";
  }
}

function ago(instant: string | undefined, nowMs: number): string {
  const ms = Date.parse(instant ?? "");
  if (Number.isNaN(ms)) return "?";
  return ms > nowMs ? ahead(instant, nowMs) : `${formatSpan((nowMs - ms) / 1000)} ago`;
}

function ahead(instant: string | undefined, nowMs: number): string {
  const ms = Date.parse(instant ?? "");
  return Number.isNaN(ms) ? "?" : `${instant?.slice(0, 16)}Z (in ${formatSpan((ms - nowMs) / 1000)})`;
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

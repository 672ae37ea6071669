import { isJsonObject, type JsonObject, type JsonValue } from "../../shared/json.ts";
import type { Result } from "../../shared/result.ts";
import type { Failure } from "../outcome.ts";

/** One signing key of an exchange, as its published documents together describe it. */
export interface KeyState {
  readonly kid: string;
  readonly algorithm: string;
  /** The use that /healthz names; `unknown` where /healthz does not name the key. */
  readonly use: string;
  readonly inJwks: boolean;
  readonly inBundle: boolean;
  /** These four are ISO 8601, and absent where /healthz does not name the key. */
  readonly publishedAt?: string;
  readonly signsFrom?: string;
  readonly signsUntil?: string;
  readonly verifiesUntil?: string;
}

/** What `svid-exchange keys --json` prints. */
export interface KeyOverview {
  readonly issuer: string;
  /** The status that /healthz names: `ok`, `degraded` or `unavailable`; `unknown` without /healthz. */
  readonly status: string;
  /** `spiffe_sequence` of the SPIFFE bundle. */
  readonly sequence: JsonValue;
  /** By algorithm, then by use: the signing key first. */
  readonly keys: readonly KeyState[];
  /** One sentence for each thing that somebody should look at. */
  readonly remarks: readonly string[];
}

type DocumentRead = Result<{ readonly body: JsonObject }, Failure>;

/** What an exchange publishes; the bundle and /healthz may be missing. */
export interface KeyDocuments {
  readonly issuer: string;
  readonly jwks: JsonObject;
  readonly bundle: DocumentRead;
  readonly health: DocumentRead;
}

/** Puts together what the published documents say of each key, and remarks where they disagree. */
export function keyOverview({ issuer, jwks, bundle, health }: KeyDocuments): KeyOverview {
  const inJwks = objects(jwks["keys"]);
  const bundled = bundle.ok ? objects(bundle.value.body["keys"]) : [];
  const signing = health.ok ? member(health.value.body, "signing_keys") : {};
  const reports = objects(signing["keys"]);
  const kids = new Set([...inJwks, ...bundled, ...reports].map((key) => text(key["kid"])));
  const find = (keys: readonly JsonObject[], kid: string) => keys.find((key) => key["kid"] === kid);
  const keys = [...kids].map((kid) =>
    keyState(kid, find(inJwks, kid), find(bundled, kid), find(reports, kid)),
  );
  return {
    issuer,
    status: health.ok ? text(health.value.body["status"]) : "unknown",
    sequence: bundle.ok ? (bundle.value.body["spiffe_sequence"] ?? null) : null,
    keys: keys.toSorted(byAlgorithmAndUse),
    remarks: [
      ...[bundle, health].flatMap((read) => (read.ok ? [] : [read.error.message])),
      ...(health.ok ? refusedConfig(health.value.body) : []),
      ...objects(signing["problems"]).map(problemRemark),
      ...(bundle.ok ? keys.flatMap(difference) : []),
    ],
  };
}

function keyState(
  kid: string,
  inJwks: JsonObject | undefined,
  inBundle: JsonObject | undefined,
  report: JsonObject | undefined,
): KeyState {
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

function byAlgorithmAndUse(a: KeyState, b: KeyState): number {
  return a.algorithm.localeCompare(b.algorithm) || USES.indexOf(a.use) - USES.indexOf(b.use);
}

function difference({ kid, inJwks, inBundle }: KeyState): readonly string[] {
  if (inJwks === inBundle) return [];
  const [there, missing] = inJwks ? ["the JWKS", "the SPIFFE bundle"] : ["the SPIFFE bundle", "the JWKS"];
  return [
    `${kid} is in ${there} but not in ${missing}. After a change, caches differ for up to five minutes.`,
  ];
}

function refusedConfig(health: JsonObject): readonly string[] {
  const refused = health["refused_config"];
  if (!isJsonObject(refused)) return [];
  return [`The stored trust document ${text(refused["version"])} is refused; an older one is in force.`];
}

function problemRemark(problem: JsonObject): string {
  const about = ["kid", "algorithm", "since"].flatMap((name) =>
    name in problem ? [text(problem[name])] : [],
  );
  return `${text(problem["code"])}: ${text(problem["says"])}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
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

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ports } from "../../cli/ports.ts";
import { runProgram } from "../../cli/program.ts";
import { createPaint } from "../../cli/terminal/paint.ts";
import type { IssuerEntry, TrustDocument } from "../../local/trust-document.ts";
import type { JsonObject } from "../../shared/json.ts";
import { AUDIENCE, type Json, NOW } from "../shared/subject-token/craft.ts";
import { startExchange } from "../stage/exchange.ts";
import { GOOD_SET, type Pages, pagesOf, type Row } from "./row.ts";

export interface Explained {
  readonly verdict: string;
  readonly verified: boolean;
  readonly messages: readonly string[];
}

/** The tools that judge: the Worker in workerd, `check`, and `explain --token --verify`, at one time and over one network. */
export interface Tools {
  /** What the Worker's dry run says: `good`, or the denial's code. */
  readonly worker: (token: string) => Promise<string>;
  /** The same, of a token of an issuer that a row has for its inline keys. */
  readonly workerWithInlineKeys: (token: string) => Promise<string>;
  /** What `explain` says: `good`, or the code of what the exchange would respond. */
  readonly explain: (token: string, ...flags: readonly string[]) => Promise<Explained>;
  readonly close: () => Promise<void>;
}

const SHARED_ISSUER = "https://ci.example.com";

/** The issuer whose tokens a row is about. */
export function issuerOf(row: Row, index: number): string {
  return row.pages === undefined ? SHARED_ISSUER : `https://row-${index}.example.com`;
}

export function inlineIssuerOf(index: number): string {
  return `https://inline-${index}.example.com`;
}

/**
 * Starts the tools with an issuer for each row, and one more for each row with inline keys, whose tokens go to a Worker of
 * their own: a document has a hundred issuers at most. `explain` refuses a document that has an error, so it knows those alone
 * whose keys `check` takes.
 */
export async function startTools(rows: readonly Row[], taken: ReadonlySet<Row>): Promise<Tools> {
  const published = rows.flatMap((row, index) =>
    row.pages === undefined ? [] : [entryOf(issuerOf(row, index), row.entry)],
  );
  const inlineWhere = (hasInline: (row: Row) => boolean) =>
    rows.flatMap((row, index) => (hasInline(row) ? [inlineEntryOf(row, index)] : []));
  const pages = Object.assign({}, pagesOf(SHARED_ISSUER, GOOD_SET), ...rows.map(ownPages)) as Pages;
  const page = (url: string) => pages[url]?.();
  const ofPublished = await startWorker([entryOf(SHARED_ISSUER), ...published], page);
  const ofInline = await startWorker(
    inlineWhere(({ inline }) => inline !== undefined),
    () => undefined,
  );
  const folder = mkdtempSync(join(tmpdir(), "svid-judges-"));
  const explained = [entryOf(SHARED_ISSUER), ...published, ...inlineWhere((row) => taken.has(row))];
  writeFileSync(join(folder, "trust.yaml"), JSON.stringify(documentOf(explained)));
  return {
    worker: ofPublished.verdict,
    workerWithInlineKeys: ofInline.verdict,
    explain: (token, ...flags) => explain(folder, token, flags, page),
    close: async () => {
      rmSync(folder, { recursive: true });
      await ofPublished.close();
      await ofInline.close();
    },
  };
}

async function startWorker(issuers: readonly IssuerEntry[], page: (url: string) => Response | undefined) {
  const lab = await startExchange({ main: "test/stage/lab-main.ts", trust: () => documentOf(issuers) });
  lab.setOutbound(({ url }) => page(url));
  await lab.fetch("/healthz", { headers: { "x-lab-now": String(NOW) } });
  return {
    verdict: async (token: string): Promise<string> => {
      const response = await lab.exchange(token, { dryRun: true });
      const body = (await response.json()) as { code?: string };
      return response.status === 200 ? "good" : String(body.code);
    },
    close: () => lab.close(),
  };
}

function ownPages(row: Row, index: number): Pages {
  return row.pages?.(issuerOf(row, index)) ?? {};
}

/** What `check` says of the row's keys as inline ones: `good`, or the rules that they break. */
export async function check(row: Row, index: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "svid-judges-"));
  writeFileSync(join(folder, "trust.yaml"), JSON.stringify(documentOf([inlineEntryOf(row, index)])));
  const report = await run(["check", "--json"], portsOf(folder));
  rmSync(folder, { recursive: true });
  const problems = report["problems"] as unknown as readonly { severity: string; rule: string }[];
  const broken = problems.filter(({ severity }) => severity === "error").map(({ rule }) => rule);
  return broken.length === 0 ? "good" : [...new Set(broken)].join();
}

async function explain(
  folder: string,
  token: string,
  flags: readonly string[],
  page: (url: string) => Response | undefined,
): Promise<Explained> {
  const fetch = async (url: string): Promise<Response> => {
    const response = page(url);
    if (response === undefined) throw new TypeError("fetch failed");
    return response;
  };
  const argv = ["explain", "--token", "-", "--json", ...flags];
  const report = await run(argv, portsOf(folder, { token, fetch }));
  const { code, message, verified } = report;
  if (typeof code === "string") return { verdict: code, verified: false, messages: [String(message)] };
  const findings = report["findings"] as unknown as readonly { code: string; message: string }[];
  const outcome = report["outcome"] as unknown as { error?: { code: string } };
  const refusal = findings[0]?.code ?? outcome.error?.code;
  return {
    verdict: refusal ?? (report["granted"] === true ? "good" : "refused"),
    verified: verified === true,
    messages: findings.map((finding) => finding.message),
  };
}

/** Runs the CLI in this process. @returns what it prints with `--json`. */
async function run(argv: readonly string[], ports: Ports): Promise<JsonObject> {
  const end = await runProgram(argv, "0.0.0", ports);
  if (end.by !== "command") throw new Error(`svid-exchange ${argv.join(" ")} is no command line`);
  if (end.outcome.ok) return end.outcome.value.json as JsonObject;
  return { code: end.outcome.error.code, message: end.outcome.error.message };
}

function portsOf(
  cwd: string,
  job: { token?: string; fetch?: (url: string) => Promise<Response> } = {},
): Ports {
  return {
    env: {},
    cwd,
    readStdin: async () => job.token ?? "",
    note: () => undefined,
    print: () => undefined,
    paint: createPaint({}, { NO_COLOR: "1" }),
    proxy: "none",
    fetch: job.fetch ?? (() => Promise.reject(new Error("nothing is fetched here"))),
    nowMs: () => NOW * 1000,
    sleep: async () => undefined,
    random: () => 0,
    timeoutSignal: (ms) => AbortSignal.timeout(ms),
  };
}

function entryOf(issuer: string, more: Json = {}): IssuerEntry {
  return { id: new URL(issuer).hostname, type: "jwt", issuer, ...more };
}

function inlineEntryOf(row: Row, index: number): IssuerEntry {
  return entryOf(inlineIssuerOf(index), { ...row.entry, jwks: { keys: row.inline } });
}

/** A document that grants the one job of every issuer the same. */
function documentOf(allowedIssuers: readonly IssuerEntry[]): TrustDocument {
  return {
    version: 1,
    trustDomain: "ci.example.org",
    issuer: AUDIENCE,
    svid: { ttl: "5m", algorithm: "ES256" },
    keys: { rotateEvery: "7d", algorithms: ["ES256", "RS256"] },
    allowedIssuers,
    policies: allowedIssuers.map(({ id }) => ({
      name: id,
      issuer: id,
      match: { "jwt.claim.sub": "job:1" },
      spiffeId: `spiffe://{{ trustDomain }}/${id}/job`,
      audiences: ["https://vault.example.org"],
    })),
  };
}

import { pathToFileURL } from "node:url";

/** A folder of the repository: what belongs in it, and what its files may import besides their own folder. */
export interface Room {
  /** One line: what belongs here. */
  readonly purpose: string;
  /** Folders: `a/b` is that folder alone, `a/b/**` is it and every folder below it. */
  readonly imports?: readonly string[];
}

/**
 * Every folder, from the ground up: within `shared/`, `worker/` and `cli/` a row imports rows above it alone.
 * `test/house/` proves each row against the files, and `docs/explanation/architecture.md` shows the same rows.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  shared: {
    purpose: "words of every part: results, denials, the wire, SPIFFE IDs, key timing, JWS algorithms",
  },
  "shared/strict": { purpose: "parsers that refuse what RFCs only discourage", imports: ["shared"] },
  "shared/jwk": {
    purpose: "the one judge of keys and key sets, and how an issuer's set is read",
    imports: ["shared", "shared/strict"],
  },
  "shared/verify": {
    purpose: "the one judge of JWT-SVIDs, and where its keys come from",
    imports: ["shared", "shared/strict", "shared/jwk"],
  },
  "shared/client": {
    purpose:
      "the client of the exchange: requests, retries, network causes, ID-token services, the SVID's file",
    imports: ["shared", "shared/strict", "shared/jwk", "shared/verify"],
  },
  "shared/renewal": {
    purpose: "the SVIDs that a process holds: one for each audience, renewed in time, let go before they end",
    imports: ["shared", "shared/client"],
  },
  "shared/grpc": {
    purpose: "gRPC without a library: protobuf fields, messages on a stream, statuses, calls, a server",
    imports: ["shared"],
  },
  "shared/workload-api": {
    purpose: "the SPIFFE Workload API of a job: its methods, its bundle, its SVIDs",
    imports: ["shared", "shared/jwk", "shared/verify", "shared/client", "shared/renewal", "shared/grpc"],
  },
  "shared/trust": { purpose: "the trust engine: the life of a policy, a folder for each stage" },
  "shared/trust/model": {
    purpose: "what a compiled trust document is, and what is known of issuers and claims",
    imports: ["shared", "shared/jwk", "shared/verify"],
  },
  "shared/trust/document": {
    purpose: "the text of trust.yaml, its shapes, its stored form and its version",
    imports: ["shared", "shared/trust/model"],
  },
  "shared/trust/compile": {
    purpose: "from a document to its compiled form, or to every problem at once",
    imports: ["shared", "shared/jwk", "shared/trust/model", "shared/trust/document"],
  },
  "shared/trust/decide": {
    purpose: "from verified attributes to a grant or a denial",
    imports: ["shared", "shared/trust/model"],
  },
  "shared/trust/lint": {
    purpose: "likely mistakes in a document that compiles",
    imports: ["shared", "shared/trust/model", "shared/trust/compile", "shared/trust/decide"],
  },
  "shared/trust/tools": {
    purpose:
      "what a maintainer is told of a document: its check, its own tests, explanations, typical tokens",
    imports: [
      "shared",
      "shared/jwk",
      "shared/trust/model",
      "shared/trust/document",
      "shared/trust/compile",
      "shared/trust/decide",
    ],
  },
  "shared/subject-token": {
    purpose: "the one judge of subject tokens: form, header, signature, registered claims",
    imports: ["shared", "shared/strict", "shared/jwk", "shared/trust/model"],
  },
  worker: {
    purpose: "the Worker: entry and wiring on top; limits, log and moment for all rooms below",
    imports: ["shared"],
  },
  "worker/store": {
    purpose: "values in KV that nobody else can have made: their MACs, and the secrets behind them",
    imports: ["shared", "shared/strict"],
  },
  "worker/trust": {
    purpose: "the trust document in force in an isolate, and when to look for a new one",
    imports: ["worker", "shared", "shared/trust/model", "shared/trust/document", "shared/trust/compile"],
  },
  "worker/issuers": {
    purpose: "the keys of the allowed issuers: cached, cooled down, last known good",
    imports: ["worker", "worker/store", "shared", "shared/jwk", "shared/subject-token", "shared/trust/model"],
  },
  "worker/signing/ring": {
    purpose: "the key ring: plans and states as pure functions of times (RFC 7583)",
    imports: ["shared", "shared/strict"],
  },
  "worker/signing": {
    purpose: "what signing keys do: sealing, minting, published documents",
    imports: ["shared", "shared/strict", "worker/store", "worker/signing/ring"],
  },
  "worker/signing/health": {
    purpose: "what /healthz says of the signing keys",
    imports: ["shared", "worker/signing/ring", "worker/signing"],
  },
  "worker/signing/isolate": {
    purpose: "the readers of the ring: an isolate's copy of it, and its signers",
    imports: [
      "worker",
      "worker/store",
      "shared",
      "worker/signing/ring",
      "worker/signing",
      "worker/signing/health",
    ],
  },
  "worker/signing/keeper": {
    purpose: "the one writer of the ring: a Durable Object",
    imports: ["worker", "worker/store", "shared", "worker/signing/ring", "worker/signing"],
  },
  "worker/exchange/replay": {
    purpose: "the one use of a subject token: a Durable Object, and its caller",
    imports: ["worker", "shared", "shared/trust/model"],
  },
  "worker/exchange": {
    purpose: "the pipeline of an exchange, its rate limits, its audit line",
    imports: [
      "worker",
      "shared",
      "shared/subject-token",
      "shared/trust/model",
      "shared/trust/decide",
      "worker/exchange/replay",
      "worker/trust",
      "worker/issuers",
      "worker/signing",
      "worker/signing/isolate",
    ],
  },
  "worker/gateway": {
    purpose: "one request to an application: who calls, what it is told of them, the way to its origin",
    imports: [
      "worker",
      "shared",
      "shared/jwk",
      "shared/verify",
      "shared/subject-token",
      "shared/trust/model",
      "shared/trust/decide",
      "worker/trust",
      "worker/issuers",
      "worker/signing",
      "worker/signing/ring",
      "worker/signing/isolate",
    ],
  },
  "worker/http": {
    purpose: "from a request to a call, from a result to a response: router, endpoints, forms",
    imports: [
      "worker",
      "shared",
      "shared/trust/model",
      "worker/trust",
      "worker/signing",
      "worker/exchange",
      "worker/gateway",
    ],
  },
  action: {
    purpose:
      "the GitHub Action: step, post and background process on top; inputs and what a failed job is told",
    imports: ["shared", "shared/client"],
  },
  "action/background": {
    purpose: "the process that goes on until the job ends: the Workload API, the renewal of the file",
    imports: ["action", "shared", "shared/client", "shared/grpc", "shared/renewal", "shared/workload-api"],
  },
  "cli/terminal": { purpose: "colours, counts and harmless text", imports: ["shared"] },
  cli: {
    purpose: "the CLI: process and command line on top; outcomes, ports and files for all rooms below",
    imports: ["shared", "shared/client", "cli/terminal"],
  },
  "cli/subject-token": {
    purpose: "where a job's ID token comes from, by CI system",
    imports: ["cli", "shared", "shared/client"],
  },
  "cli/svid": {
    purpose: "exchanging, verifying and renewing an SVID",
    imports: [
      "cli",
      "cli/terminal",
      "cli/subject-token",
      "shared",
      "shared/client",
      "shared/jwk",
      "shared/verify",
      "shared/renewal",
    ],
  },
  "cli/workload-api": {
    purpose: "the SPIFFE Workload API of this job: its socket, its flags, its log",
    imports: ["cli", "cli/svid", "shared", "shared/client", "shared/grpc", "shared/workload-api"],
  },
  "cli/trust": {
    purpose: "the trust document on a maintainer's machine: reading, explaining, comparing, putting in force",
    imports: [
      "cli",
      "cli/terminal",
      "shared",
      "shared/strict",
      "shared/client",
      "shared/jwk",
      "shared/verify",
      "shared/subject-token",
      "shared/trust/model",
      "shared/trust/document",
      "shared/trust/lint",
      "shared/trust/tools",
    ],
  },
  "cli/commands": {
    purpose: "one file a command: its flags, and what it does",
    imports: [
      "cli",
      "cli/terminal",
      "cli/svid",
      "cli/workload-api",
      "cli/trust",
      "shared",
      "shared/client",
      "shared/verify",
      "shared/workload-api",
      "shared/trust/model",
      "shared/trust/document",
      "shared/trust/tools",
    ],
  },
  local: {
    purpose: "the product on loopback, with local CI providers",
    imports: ["shared", "shared/client", "shared/trust/tools"],
  },
  scripts: {
    purpose: "what builds and checks: bundles, the schema, the pinned toolchain, this table",
    imports: ["shared", "shared/trust/model", "shared/trust/document", "shared/trust/tools"],
  },
  bench: {
    purpose: "the promised numbers, measured as ratios in one run",
    imports: [
      "shared",
      "worker",
      "worker/exchange",
      "worker/exchange/replay",
      "worker/http",
      "worker/signing/keeper",
      "local",
    ],
  },
  templates: { purpose: "the GitLab CI/CD component" },
  examples: { purpose: "workflows for the usual targets, and applications behind the gateway" },
  "examples/applications/typescript": { purpose: "an application that verifies the gateway's assertion" },
  docs: { purpose: "pages by kind: tutorial, how-to, reference, explanation, decisions" },
  test: {
    purpose: "the tests, in the folders of the source; `test/stage/` builds the worlds that they run in",
  },
};

/** Files that stand on top of their folder: they wire the rooms below it, and may import every one of them. */
export const WIRING: Readonly<Record<string, readonly string[]>> = {
  worker: ["main.ts", "app.ts", "services.ts", "env.ts"],
  action: ["main.ts", "post.ts", "serve.ts"],
  cli: ["main.ts", "program.ts"],
};

/** The folders with their purposes, as a person reads a tree. */
export function houseTree(): string {
  const paths = Object.keys(ROOMS);
  const width = Math.max(...paths.map((path) => path.length)) + 1;
  return paths.map((path) => `${`${path}/`.padEnd(width)}  ${ROOMS[path]?.purpose ?? ""}`).join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(houseTree());

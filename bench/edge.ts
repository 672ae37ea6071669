import type { ExecutionContext, KVNamespace } from "@cloudflare/workers-types";
import { successBody } from "../shared/wire.ts";
import { createApp } from "../worker/app.ts";
import type { Env } from "../worker/env.ts";
import { exchange } from "../worker/exchange/exchange.ts";
import { parseForm } from "../worker/http/form.ts";
import { successOf } from "../worker/http/token.ts";
import { tokenRequest } from "../worker/http/token-request.ts";
import { createServices, type Services } from "../worker/services.ts";
import { type GatewayMeasurement, gatewayTasks } from "./gateway.ts";

export { ReplayGuard } from "../worker/exchange/replay/guard.ts";
export { KeyKeeper } from "../worker/signing/keeper/keeper.ts";

// Measures inside workerd: each figure and what it is compared with run by turns in one isolate, so that a machine that
// slows down slows both. Local workerd does not freeze the clock, as Cloudflare's does.

/** What is to be measured. */
export interface Measurement {
  /** Trust documents as JSON texts, by the name of the case. */
  readonly documents: Readonly<Record<string, string>>;
  /** The form to exchange in each case. */
  readonly forms: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly gateway: GatewayMeasurement;
  readonly rounds: number;
  /** How long each task runs in a round, at least. */
  readonly roundMs: number;
}

/** Milliseconds of one run, in each round, by the name of what ran. */
export type Rounds = Readonly<Record<string, readonly number[]>>;

export interface Measured {
  readonly rounds: Rounds;
  /** Per warm exchange with `replay: off`. */
  readonly exchange: Counts;
  /** Per warm request through the gateway. */
  readonly passThrough: Counts;
}

export interface Counts {
  kvReads: number;
  outboundRequests: number;
  objectCalls: number;
}

/** A benchmark makes more exchanges a minute than one project may. */
type Limiter = NonNullable<Env["EXCHANGE_LIMIT"]>;
type Task = () => Promise<unknown>;
type Tasks = Readonly<Record<string, Task>>;

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    return Response.json(await measure((await request.json()) as Measurement, env, ctx));
  },
};

async function measure(wanted: Measurement, env: Env, ctx: ExecutionContext): Promise<Measured> {
  const counts: Counts = { kvReads: 0, outboundRequests: 0, objectCalls: 0 };
  countFetches(counts);
  // The local runtime ships each log line to another process, which would drown what is measured.
  console.log = () => {};
  const tasks: Record<string, Task> = { crypto: await bareCrypto(), response: emptyResponse };
  for (const [name, document] of Object.entries(wanted.documents)) {
    const app = createApp(() => Math.floor(Date.now() / 1000));
    const caseEnv = envWith(env, document, counts);
    const get = (path: string) => () =>
      answered(app.fetch(new Request(`${wanted.origin}${path}`), caseEnv, ctx));
    const form = wanted.forms[name] ?? "";
    tasks[`exchange:${name}`] = formToJson(form, createServices(caseEnv), ctx);
    tasks[`jwks:${name}`] = get("/.well-known/jwks.json");
  }
  const gatewayEnv = envWith(env, wanted.gateway.document, counts);
  Object.assign(tasks, await gatewayTasks(wanted.gateway, wanted.origin, gatewayEnv, ctx));
  const runs = await runsPerRound(tasks, wanted.roundMs);
  const exchange = await countsOf(counts, tasks["exchange:small"]);
  const passThrough = await countsOf(counts, tasks["gateway"]);
  return { rounds: await byTurns(tasks, runs, wanted.rounds), exchange, passThrough };
}

function envWith(env: Env, document: string, counts: Counts): Env {
  const limitless: Limiter = { limit: async () => ({ success: true }) };
  return {
    ...env,
    KV: kvWith(env.KV, document, counts),
    KEYS: countingCalls(env.KEYS, counts),
    REPLAY: countingCalls(env.REPLAY, counts),
    EXCHANGE_LIMIT: limitless,
  };
}

/** How often each task runs in a round, found by running it. The clock of workerd tells whole milliseconds. */
async function runsPerRound(tasks: Tasks, roundMs: number): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const [name, task] of Object.entries(tasks)) {
    let runs = 16;
    while ((await timeOf(task, runs)) < roundMs) runs *= 2;
    found[name] = runs;
  }
  return found;
}

async function byTurns(
  tasks: Tasks,
  runs: Readonly<Record<string, number>>,
  rounds: number,
): Promise<Rounds> {
  const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, task] of Object.entries(tasks)) {
      const perRound = runs[name] ?? 1;
      times[name]?.push((await timeOf(task, perRound)) / perRound);
    }
  }
  return times;
}

/** Milliseconds. */
async function timeOf(task: Task, runs: number): Promise<number> {
  const start = performance.now();
  for (let run = 0; run < runs; run++) await task();
  return performance.now() - start;
}

async function countsOf(counts: Counts, task: Task | undefined): Promise<Counts> {
  Object.assign(counts, { kvReads: 0, outboundRequests: 0, objectCalls: 0 });
  await task?.();
  return { ...counts };
}

/** The exchange from the text of the form to the text of the answer. */
function formToJson(text: string, services: Services, ctx: ExecutionContext): Task {
  return async () => {
    const now = Math.floor(Date.now() / 1000);
    const form = parseForm(text);
    const request = form.ok ? tokenRequest(form.value) : form;
    if (!request.ok) throw new Error(request.error.code);
    const moment = { now, background: (work: Promise<unknown>) => ctx.waitUntil(work) };
    const trust = await services.trust.current(moment);
    if (!trust.ok) throw new Error(trust.error.code);
    const done = await exchange(request.value, { ...moment, trust: trust.value, trail: {} }, services);
    if (!done.ok) throw new Error(done.error.code);
    return JSON.stringify(successBody(successOf(done.value, now)));
  };
}

/** One RS256 verification and one ES256 signature: what no exchange can do without. */
async function bareCrypto(): Promise<Task> {
  const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const rsaKind = { ...RS256, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const rsa = await crypto.subtle.generateKey(rsaKind, false, ["sign", "verify"]);
  const ec = await crypto.subtle.generateKey(ES256, false, ["sign", "verify"]);
  const data = new Uint8Array(1500);
  const signature = await crypto.subtle.sign(RS256, rsa.privateKey, data);
  return async () => {
    await crypto.subtle.verify(RS256, rsa.publicKey, signature, data);
    await crypto.subtle.sign(ES256, ec.privateKey, data.subarray(0, 400));
  };
}

/** What no answer can do without: a request whose URL is read, a response whose body is read. */
async function emptyResponse(): Promise<unknown> {
  const request = new Request("https://svid.example.org/");
  return new URL(request.url).pathname + (await answered(Promise.resolve(new Response(null))));
}

async function answered(response: Promise<Response>): Promise<string> {
  const { status, ok } = await response;
  const text = await (await response).text();
  if (!ok) throw new Error(`status ${status}: ${text}`);
  return text;
}

function kvWith(kv: KVNamespace, document: string, counts: Counts): KVNamespace {
  return new Proxy(kv, {
    get: (target, name) => {
      if (name !== "get") {
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      }
      return async (key: string, options: never) => {
        counts.kvReads += 1;
        return key === "trust" ? document : target.get(key, options);
      };
    },
  });
}

/** Whoever gets the stub of an object calls it. */
function countingCalls<T extends object>(namespace: T, counts: Counts): T {
  return new Proxy(namespace, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name === "get" || name === "getByName") counts.objectCalls += 1;
      return member.bind(target);
    },
  });
}

function countFetches(counts: Counts): void {
  const original = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    counts.outboundRequests += 1;
    return original(input, init);
  };
}

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../stage/eventually.ts";
import type { Job, Step } from "../stage/runner.ts";
import {
  bundlesOf,
  connectWorkloadApi,
  svidRequest,
  svidsOf,
  validateRequest,
  type WorkloadClient,
} from "../stage/workload-client.ts";
import { startWorld, type World } from "../stage/world.ts";
import { backgroundProcessOf, expectNothingLeft } from "./left-behind.ts";
import { expectMode, expectNoTokenIn } from "./secrecy.ts";

/** The processes of a job can be found. */
const ON_LINUX = process.platform === "linux";
const VAULT = "https://vault.example.org";
const ENTRA = "api://AzureADTokenExchange";
const NOBODY = "https://nobody.example.org";
const RUNTIME_TOKEN = "a secret of the runner and its actions";
const SPIFFE_ID = "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const serving = (more: Readonly<Record<string, string>> = {}) => ({
  inputs: { "exchange-url": world.url, "workload-api": "true", ...more },
});

/** The path in the variable that SPIFFE programs read. */
const socketOf = ({ exported }: Step): string =>
  (exported["SPIFFE_ENDPOINT_SOCKET"] ?? "").replace(/^unix:\/\//, "");

describe("workload-api: a SPIFFE program in a later step", () => {
  let job: Job;
  let step: Step;
  let client: WorkloadClient;
  beforeAll(async () => {
    job = world.job({ RUNNER_TRACKING_ID: "github_1", ACTIONS_RUNTIME_TOKEN: RUNTIME_TOKEN });
    step = await job.step(serving());
    client = await connectWorkloadApi(step.exported["SPIFFE_ENDPOINT_SOCKET"] ?? "");
  });

  test("finds the address in SPIFFE_ENDPOINT_SOCKET, which is an output, too", () => {
    expect(step).toMatchObject({ code: 0, stderr: "" });
    expect(step.exported).toEqual({ SPIFFE_ENDPOINT_SOCKET: expect.stringMatching(/^unix:\/\/\/.*\.sock$/) });
    expect(step.outputs).toEqual({ "spiffe-endpoint-socket": step.exported["SPIFFE_ENDPOINT_SOCKET"] });
  });

  test("reaches a socket in a folder of its owner's alone, beside no other file", () => {
    const folder = dirname(socketOf(step));
    expectMode(folder, "700");
    expect(readdirSync(folder)).toHaveLength(1);
    expect(statSync(socketOf(step)).isSocket()).toBe(true);
  });

  test.runIf(ON_LINUX)("finds nothing in the environment of the process that only actions are given", () => {
    const pid = backgroundProcessOf(job);
    const names = readFileSync(`/proc/${pid}/environ`, "utf8")
      .split("\0")
      .map((line) => line.split("=")[0]);
    expect(names).toEqual(expect.arrayContaining(["RUNNER_TRACKING_ID", "ACTIONS_ID_TOKEN_REQUEST_URL"]));
    expect(names.filter((name) => /^(INPUT|GITHUB|ACTIONS_RUNTIME)_/.test(name ?? ""))).toEqual([]);
  });

  test("gets an SVID for each of two audiences, and validates one", async () => {
    for (const audience of [VAULT, ENTRA]) {
      const fetched = await client.call("FetchJWTSVID", { message: svidRequest([audience]) });
      const [issued] = svidsOf(fetched.messages[0] ?? new Uint8Array());
      expect(issued).toMatchObject({ spiffeId: SPIFFE_ID });
      const message = validateRequest(audience, issued?.svid ?? "");
      expect(await client.call("ValidateJWTSVID", { message })).toMatchObject({ code: 0 });
    }
  });

  test("gets the bundle of the trust domain", async () => {
    const stream = client.start("FetchJWTBundles");
    await eventually(() => stream.messages.length > 0);
    const bundles = bundlesOf(stream.messages[0] ?? new Uint8Array());
    expect(Object.keys(bundles)).toEqual(["spiffe://ci.example.org"]);
    stream.stream.close();
  });

  test("is refused in the words of the exchange, with the id of the request", async () => {
    const refused = await client.call("FetchJWTSVID", { message: svidRequest([NOBODY]) });
    expect(refused).toMatchObject({
      code: 7,
      message: expect.stringMatching(/\[audience_refused\] request_id [\w-]+$/),
    });
  });

  test("post shows the log, without a token, and ends it all", async () => {
    const ended = await job.post(step);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("::group::Log of the background process");
    expect(ended.stdout).toMatch(new RegExp(`^\\S+Z ${SPIFFE_ID} for ${VAULT} until `, "m"));
    expect(ended.stdout).toMatch(new RegExp(`^\\S+Z No SVID for ${NOBODY}\\. .*audience_refused`, "m"));
    expect(ended.stdout).toMatch(/This process ends: the job has ended\.$/m);
    expect(ended.stdout).not.toContain("::warning");
    expect(ended.stdout).not.toMatch(/eyJ/);
    expectNoTokenIn(step);
    await expectNothingLeft(job);
    expect(await job.post(step)).toMatchObject({ code: 0, stdout: "" });
  });
});

test("two steps of one job have a Workload API each: later programs find the last one", async () => {
  const job = world.job();
  const first = await job.step(serving());
  const second = await job.step(serving({ audience: VAULT }));
  expect(socketOf(second)).not.toBe(socketOf(first));
  expect(second.outputs).toMatchObject({ audience: VAULT, "svid-file": expect.any(String) });
  await job.post(second);
  const client = await connectWorkloadApi(first.exported["SPIFFE_ENDPOINT_SOCKET"] ?? "");
  expect(await client.call("FetchJWTSVID", { message: svidRequest([VAULT]) })).toMatchObject({ code: 0 });
  await job.post(first);
  await expectNothingLeft(job);
});

test("a port of 127.0.0.1 where tcp is true", async () => {
  const job = world.job();
  const step = await job.step(serving({ tcp: "true" }));
  const endpoint = step.exported["SPIFFE_ENDPOINT_SOCKET"] ?? "";
  expect(endpoint).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  const client = await connectWorkloadApi(endpoint);
  expect(await client.call("FetchJWTSVID", { message: svidRequest([VAULT]) })).toMatchObject({ code: 0 });
  await job.post(step);
  await expectNothingLeft(job);
});

describe("the path that socket names", () => {
  test("is relative to the workspace, in a folder that is made with mode 0700, and taken away", async () => {
    const job = world.job();
    const step = await job.step(serving({ socket: "spiffe/api.sock" }));
    const path = join(job.workspace, "spiffe/api.sock");
    expect(socketOf(step)).toBe(path);
    expectMode(dirname(path), "700");
    await job.post(step);
    expect(existsSync(path)).toBe(false);
    await expectNothingLeft(job);
  });

  test("may not be in a folder that other users may enter", async () => {
    const job = world.job();
    mkdirSync(join(job.workspace, "open"), { mode: 0o755 });
    const step = await job.step(serving({ socket: "open/api.sock" }));
    expect(step).toMatchObject({ code: 1, exported: {} });
    expect(step.stdout).toContain("Input socket is in a folder that other users may enter (mode 755)");
    await expectNothingLeft(job);
  });

  test("may not be longer than a socket's path", async () => {
    const job = world.job();
    const step = await job.step(serving({ socket: `/tmp/${"a".repeat(120)}/api.sock` }));
    expect(step.stdout).toContain("Input socket names a path that is longer than the");
    await expectNothingLeft(job);
  });

  test("stays the first step's where a second step names it, too", async () => {
    const job = world.job();
    const first = await job.step(serving({ socket: "spiffe/api.sock" }));
    const second = await job.step(serving({ socket: "spiffe/api.sock" }));
    expect(second).toMatchObject({ code: 1, exported: {} });
    expect(second.stdout).toMatch(/^::error title=The Workload API cannot listen at .* \(EADDRINUSE\)::/m);
    await job.post(second);
    const client = await connectWorkloadApi(first.exported["SPIFFE_ENDPOINT_SOCKET"] ?? "");
    expect(await client.call("FetchJWTSVID", { message: svidRequest([VAULT]) })).toMatchObject({ code: 0 });
    await job.post(first);
    await expectNothingLeft(job);
  });
});

describe("a step that cannot serve fails, says why, and leaves nothing", () => {
  test("a job that may have no ID token", async () => {
    const job = world.job({ ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" });
    const step = await job.step(serving());
    expect(step.code).toBe(1);
    expect(step.stdout).toMatch(/^::error title=This job may not request an ID token/m);
    await expectNothingLeft(job);
  });

  test("an exchange whose keys cannot be read", async () => {
    const front = await world.openFront();
    front.faults.push("page");
    const job = world.job();
    const step = await job.step(serving({ "exchange-url": front.url, "token-audience": world.url }));
    expect(step.code).toBe(1);
    expect(step.stdout).toMatch(/^::error title=The keys of the exchange could not be read/m);
    expect(await job.post(step)).toMatchObject({ code: 0, stdout: "" });
    await expectNothingLeft(job);
  });
});

describe("a job that does not end as it should", () => {
  test("a step that is cancelled while it waits leaves no process behind", async () => {
    const front = await world.openFront();
    front.faults.push("hang");
    const hangs = new Promise<void>((resolve) => {
      front.onHang = resolve;
    });
    const job = world.job();
    const stepping = job.step(serving({ "exchange-url": front.url, "token-audience": world.url }));
    await hangs;
    job.cancel();
    const step = await stepping;
    expect(step).toMatchObject({ signal: "SIGINT", exported: {} });
    await eventually(() => job.processes().length === 0);
    await job.post(step);
    await expectNothingLeft(job);
  });

  test.runIf(ON_LINUX)("a process that was killed is reported when the job ends", async () => {
    const job = world.job();
    const step = await job.step(serving());
    const pid = backgroundProcessOf(job);
    process.kill(pid, "SIGKILL");
    const ended = await job.post(step);
    expect(ended.stdout).toMatch(/^::warning::The background process had ended before the job did/m);
    await expectNothingLeft(job);
  });
});

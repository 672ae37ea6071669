import { existsSync, readFileSync } from "node:fs";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FAST_TIME, fastNowMs } from "../cli/fast-time.ts";
import { eventually } from "../stage/eventually.ts";
import { connectWorkloadApi, svidRequest, svidsOf } from "../stage/workload-client.ts";
import { startWorld, type World } from "../stage/world.ts";
import { backgroundProcessOf, expectNothingLeft } from "./left-behind.ts";
import { expectMode } from "./secrecy.ts";

/** The processes of a job can be found. */
const ON_LINUX = process.platform === "linux";
const VAULT = "https://vault.example.org";

/** A world in which a minute takes six seconds, for the Worker, for GitHub and for the processes of the step. */
let world: World;
beforeAll(async () => {
  world = await startWorld({
    main: "test/cli/fast-worker.ts",
    clock: () => Math.floor(fastNowMs() / 1000),
    trust: (document) => ({ ...document, svid: { ttl: "1m" } }),
  });
});
afterAll(() => world.close());

const ON_FAST_TIME = { NODE_OPTIONS: `--import=${FAST_TIME}` };

const renewing = (more: Readonly<Record<string, string>> = {}) => ({
  inputs: { "exchange-url": world.url, audience: VAULT, renew: "true", ...more },
});

describe("renew: the SVID in the file", () => {
  test("is replaced before it expires, and is the one that the Workload API gives", async () => {
    const job = world.job(ON_FAST_TIME);
    const step = await job.step(renewing({ "workload-api": "true" }));
    expect(step).toMatchObject({ code: 0, stderr: "" });
    const file = step.outputs["svid-file"] ?? "";
    const first = readFileSync(file, "utf8");
    expect(first).toBe(step.outputs["svid"]);
    await eventually(() => readFileSync(file, "utf8") !== first);
    const renewed = readFileSync(file, "utf8");
    expectMode(file, "600");
    expect(decodeJwt(renewed).exp).toBeGreaterThan(decodeJwt(first).exp ?? 0);
    expect(fastNowMs() / 1000).toBeLessThan(decodeJwt(first).exp ?? 0);

    const client = await connectWorkloadApi(step.exported["SPIFFE_ENDPOINT_SOCKET"] ?? "");
    const { messages } = await client.call("FetchJWTSVID", { message: svidRequest([VAULT]) });
    expect(svidsOf(messages[0] ?? new Uint8Array()).map(({ svid }) => svid)).toEqual([
      readFileSync(file, "utf8"),
    ]);
    await job.post(step);
    await expectNothingLeft(job);
  });

  test("is removed before it expires where it cannot be renewed, and the log of the job says why", async () => {
    const job = world.job(ON_FAST_TIME);
    const step = await job.step(renewing({ timeout: "5s" }));
    expect(step.exported).toEqual({});
    const file = step.outputs["svid-file"] ?? "";
    const { exp = 0 } = decodeJwt(readFileSync(file, "utf8"));
    world.front.faults.push(...Array<"500">(200).fill("500"));
    await eventually(() => !existsSync(file));
    expect(fastNowMs() / 1000).toBeLessThan(exp);
    world.front.faults.length = 0;
    const ended = await job.post(step);
    expect(ended.stdout).toMatch(/Z The SVID could not be renewed \(not_an_exchange\)\. /m);
    expect(ended.stdout).toMatch(
      /Z The SVID was not renewed, and it expires at .*: its file was removed\.$/m,
    );
    await expectNothingLeft(job);
  });
});

describe("a job that does not end as it should", () => {
  test("a runner that is gone takes the process, the socket and the files with it", async () => {
    const job = world.job();
    const step = await job.step({ ...renewing({ "workload-api": "true" }), runner: "short-lived" });
    expect(step).toMatchObject({ code: 0, exported: { SPIFFE_ENDPOINT_SOCKET: expect.any(String) } });
    await expectNothingLeft(job);
  });

  test.runIf(ON_LINUX)("a process that hangs is killed", async () => {
    const job = world.job();
    const step = await job.step(renewing());
    const pid = backgroundProcessOf(job);
    process.kill(pid, "SIGSTOP");
    const ended = await job.post(step);
    expect(ended.stdout).toMatch(/^::warning::The background process did not end when it was asked to/m);
    await expectNothingLeft(job);
  });
});

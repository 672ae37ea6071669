import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job, Step } from "../stage/runner.ts";
import { startWorld, type World } from "../stage/world.ts";
import { expectMaskedFirst, expectMode, expectNoTokenIn, maskedBy } from "./secrecy.ts";

const VAULT = "https://vault.example.org";
const ENTRA = "api://AzureADTokenExchange";
const SPIFFE_ID = "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe("a job gets its SVID", () => {
  let job: Job;
  let step: Step;
  beforeAll(async () => {
    job = world.job();
    step = await job.step({
      inputs: {
        "exchange-url": world.url,
        audience: VAULT,
        policy: "github-deploy",
        "export-env": "SVID_FILE",
      },
    });
  });

  test("that verifies with another library against the published keys", async () => {
    expect(step).toMatchObject({ code: 0, stderr: "" });
    const keys = createRemoteJWKSet(new URL(`${world.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(step.outputs["svid"] ?? "", keys, {
      issuer: world.url,
      audience: VAULT,
    });
    expect(payload.sub).toBe(SPIFFE_ID);
  });

  test("with what it is, in outputs", () => {
    const { exp = 0 } = decodeJwt(step.outputs["svid"] ?? "");
    expect(step.outputs).toEqual({
      svid: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      "svid-file": expect.stringContaining(job.temp),
      "spiffe-id": SPIFFE_ID,
      audience: VAULT,
      policy: "github-deploy",
      "expires-at": new Date(exp * 1000).toISOString().replace(".000Z", "Z"),
    });
  });

  test("in a file of its owner's alone, whose path a variable names", () => {
    const path = step.outputs["svid-file"] ?? "";
    expect(readFileSync(path, "utf8")).toBe(step.outputs["svid"]);
    expectMode(path, "600");
    expectMode(dirname(path), "700");
    expect(step.exported).toEqual({ SVID_FILE: path });
  });

  test("masked before anything else, and in no log, variable or state", () => {
    const svid = step.outputs["svid"] ?? "";
    const tokens = maskedBy(step);
    expect(tokens).toHaveLength(2);
    expect(tokens[1]).toBe(svid);
    for (const token of tokens) expectMaskedFirst(step, token);
    expectNoTokenIn(step);
    expect(step.summary).toBe("");
  });

  test("whose file is gone when the job ends", async () => {
    const ended = await job.post(step);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(job.temp)).toEqual([]);
    expect(await job.post(step)).toMatchObject({ code: 0 });
  });
});

test("two steps of one job have two SVIDs in two files, and each takes its own away", async () => {
  const job = world.job();
  const first = await job.step({ inputs: { "exchange-url": world.url, audience: VAULT } });
  const second = await job.step({ inputs: { "exchange-url": world.url, audience: ENTRA } });
  const files = [first, second].map(({ outputs }) => outputs["svid-file"] ?? "");
  expect(files.map((file) => decodeJwt(readFileSync(file, "utf8")).aud)).toEqual([VAULT, ENTRA]);
  expect(decodeProtectedHeader(second.outputs["svid"] ?? "")).toMatchObject({ alg: "RS256" });
  await job.post(second);
  expect(files.map((file) => existsSync(file))).toEqual([true, false]);
  await job.post(first);
  expect(readdirSync(job.temp)).toEqual([]);
});

test("a named file is relative to the workspace, renewed by the next step, and taken away", async () => {
  const job = world.job();
  const inputs = { "exchange-url": world.url, audience: VAULT, "svid-file": "out/token" };
  const first = await job.step({ inputs });
  const second = await job.step({ inputs });
  const path = join(job.workspace, "out/token");
  expect([first, second].map(({ outputs }) => outputs["svid-file"])).toEqual([path, path]);
  expect(readFileSync(path, "utf8")).toBe(second.outputs["svid"]);
  expectMode(path, "600");
  expect(readdirSync(dirname(path))).toEqual(["token"]);
  for (const step of [second, first]) expect(await job.post(step)).toMatchObject({ code: 0 });
  expect(readdirSync(dirname(path))).toEqual([]);
});

test("a dry run says what would be issued and leaves nothing", async () => {
  const job = world.job();
  const step = await job.step({ inputs: { "exchange-url": world.url, audience: VAULT, "dry-run": "true" } });
  expect(step.code).toBe(0);
  expect(step.outputs).toEqual({ "spiffe-id": SPIFFE_ID, audience: VAULT, policy: "github-deploy" });
  expect(step.stdout).toContain(`The SVID would be ${SPIFFE_ID} for`);
  expect(step.state).toEqual({});
  expect(readdirSync(job.temp)).toEqual([]);
  expect(await job.post(step)).toMatchObject({ code: 0, stdout: "", stderr: "" });
});

test.each([VAULT, ENTRA])("an SVID for %s is verified where that is asked for", async (audience) => {
  const job = world.job();
  world.front.seen.length = 0;
  const step = await job.step({ inputs: { "exchange-url": world.url, audience, verify: "true" } });
  expect(step).toMatchObject({ code: 0, stderr: "" });
  expect(world.front.seen.map(({ path }) => path)).toEqual([
    "/token",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
  ]);
  for (const { headers } of world.front.seen) expect(headers.get("user-agent")).toBe("svid-exchange-action");
});

describe("other runners", () => {
  test.each<[string, (tokens: string) => Record<string, string>]>([
    [
      "GitHub Enterprise Server",
      (tokens) => ({
        GITHUB_SERVER_URL: "https://ghes.example.org",
        ACTIONS_ID_TOKEN_REQUEST_URL: `${tokens}/_services/pipelines/x/_apis/distributedtask/hubs/Actions/plans/1/jobs/2/idtoken?api-version=2.0-preview`,
      }),
    ],
    [
      "Forgejo",
      (tokens) => ({
        FORGEJO_ACTIONS: "true",
        ACTIONS_ID_TOKEN_REQUEST_URL: `${tokens}/api/actions/idtoken`,
      }),
    ],
  ])("%s", async (_, env) => {
    const job = world.job(env(world.tokens.url));
    world.tokens.seen.length = 0;
    const step = await job.step({ inputs: { "exchange-url": world.url, audience: VAULT } });
    expect(step).toMatchObject({ code: 0, stderr: "" });
    const asked = new URL(world.tokens.seen[0]?.path ?? "", world.tokens.url);
    expect(asked.searchParams.get("audience")).toBe(world.url);
    await job.post(step);
  });
});

import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, type CliWorld, startCliWorld } from "../stage/cli-world.ts";
import { createGateway } from "../stage/gateway.ts";
import {
  bundlesOf,
  connectWorkloadApi,
  fieldsOf,
  svidRequest,
  svidsOf,
  validateRequest,
  type WorkloadClient,
} from "../stage/workload-client.ts";

/** A second service that the same jobs may call. */
const OTHER = "https://registry.example.org";
const PROGRAM = [process.execPath, "--no-warnings", join(import.meta.dirname, "workload-program.ts")];

let world: CliWorld;
beforeAll(async () => {
  world = await startCliWorld({
    trust: (document) => ({
      ...document,
      policies: document.policies.map((policy) => ({ ...policy, audiences: [AUDIENCE, OTHER] })),
    }),
  });
});
afterAll(() => world.close());

/** Servers and clients that a test left. */
const open: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  expect(leftovers()).toEqual([]);
});

/** What is left in the folder for temporary files. */
const leftovers = (): readonly string[] =>
  readdirSync(world.cli.folder).filter((name) => name.startsWith("svid-exchange-"));

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly url?: string;
}

function start({ env = world.jobs.github, flags = [], url = world.url }: Options = {}) {
  const running = world.cli.start(["serve", "--exchange-url", url, "--token-audience", world.url, ...flags], {
    env: { RUNNER_TEMP: world.cli.folder, ...env },
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    running.process.kill(signal);
    return running.ended;
  };
  open.unshift(() => (running.process.exitCode === null ? stop() : undefined));
  return { ...running, stop };
}

/** Starts `serve`, and waits until it says where it answers. */
async function serve(options: Options = {}) {
  const running = start(options);
  await until(() => running.output.stdout.includes("\n") || running.process.exitCode !== null);
  const { stdout, stderr } = running.output;
  const [, endpoint = ""] = /^SPIFFE_ENDPOINT_SOCKET=(.*)\n$/.exec(stdout) ?? [];
  expect(endpoint, stderr).not.toBe("");
  return { ...running, endpoint, client: await connect(endpoint) };
}

async function connect(endpoint: string): Promise<WorkloadClient> {
  const client = await connectWorkloadApi(endpoint);
  open.unshift(async () => client.session.destroy());
  return client;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries += 1) await sleep(25);
  expect(holds()).toBe(true);
}

const fetchSvid = (client: WorkloadClient, audience = AUDIENCE) =>
  client.call("FetchJWTSVID", { message: svidRequest([audience]) });

async function svidOf(client: WorkloadClient, audience = AUDIENCE) {
  const ended = await fetchSvid(client, audience);
  expect(ended).toMatchObject({ code: 0 });
  const [issued] = svidsOf(ended.messages[0] ?? new Uint8Array());
  return { spiffeId: issued?.spiffeId ?? "", svid: issued?.svid ?? "" };
}

/** One more way to the exchange, on which nothing comes back for the documents that are read before the server starts. */
async function openSilentFront() {
  let ask = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const front = await createGateway(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/token") {
      return fetch(`${world.url}/token`, {
        method: "POST",
        headers: request.headers,
        body: await request.text(),
      });
    }
    ask();
    return new Promise<never>(() => {});
  });
  open.push(front.close);
  return { url: front.url, waiting };
}

/** The requests for SVIDs that the exchange got meanwhile. */
function exchangesSince(before: number): number {
  return world.front
    .asked()
    .slice(before)
    .filter((line) => line === "POST /token").length;
}

describe("a program", () => {
  test("gets an SVID for each of two audiences, the bundle, and a verdict on an SVID", async () => {
    const before = world.front.asked().length;
    const { client, stop, output } = await serve();
    const { spiffeId, svid } = await svidOf(client);
    const other = await svidOf(client, OTHER);
    expect([other.spiffeId, other.svid === svid]).toEqual([spiffeId, false]);
    expect(exchangesSince(before)).toBe(2);

    const stream = client.start("FetchJWTBundles");
    await until(() => stream.messages.length === 1);
    const bundles = bundlesOf(stream.messages[0] ?? new Uint8Array());
    expect(Object.keys(bundles)).toEqual(["spiffe://ci.example.org"]);

    const valid = await client.call("ValidateJWTSVID", { message: validateRequest(AUDIENCE, svid) });
    expect(fieldsOf(valid.messages[0] ?? new Uint8Array())[0]).toEqual([1, Buffer.from(spiffeId)]);
    const elsewhere = await client.call("ValidateJWTSVID", { message: validateRequest(OTHER, svid) });
    expect(elsewhere).toMatchObject({ code: 3, message: "the SVID is for another audience (claim_aud)" });

    await stop();
    expect(await stream.ended).toMatchObject({ code: 14 });
    expect(output.stderr).toContain(`${spiffeId} for ${AUDIENCE} until `);
    expect(output.stderr).not.toContain(svid);
  });

  test("that asks a thousand times costs one exchange", async () => {
    const before = world.front.asked().length;
    const { client } = await serve();
    const calls = await Promise.all(Array.from({ length: 1_000 }, () => fetchSvid(client)));
    expect(new Set(calls.map(({ code }) => code))).toEqual(new Set([0]));
    expect(exchangesSince(before)).toBe(1);
  });

  test("gets a refusal in the exchange's own words, and the log of the job what to do", async () => {
    const { client, output } = await serve();
    const refused = await fetchSvid(client, "https://nowhere.example.org");
    expect(refused).toMatchObject({ code: 7, trailersOnly: true });
    expect(refused.message).toMatch(/\[audience_refused\] request_id \S+$/);
    expect(output.stderr).toContain(
      "No SVID for https://nowhere.example.org: The exchange refused the request:",
    );
    expect(output.stderr).toContain("errors.md#audience_refused");
  });

  test("is told that the exchange is down, and keeps an SVID that is valid", async () => {
    const front = await world.openFront();
    const { client } = await serve({
      url: front.url,
      flags: ["--timeout", "1s", "--trust-domain", "ci.example.org"],
    });
    const { svid } = await svidOf(client);
    front.faults.push(...Array(50).fill("reset"));
    expect(await fetchSvid(client, OTHER)).toMatchObject({ code: 14 });
    expect((await svidOf(client)).svid).toBe(svid);
  });
});

describe("a job with one ID token", () => {
  test("is told before it matters, and exchanges the token once for each audience", async () => {
    const before = world.front.asked().length;
    const { client, output } = await serve({ env: { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken() } });
    expect(output.stderr).toContain(
      "The ID token in the variable SVID_EXCHANGE_ID_TOKEN cannot be renewed. The SVID of each audience is held until it expires",
    );
    for (const audience of [AUDIENCE, OTHER, AUDIENCE, OTHER]) await svidOf(client, audience);
    expect(exchangesSince(before)).toBe(2);
  });
});

describe("the server", () => {
  test("has its socket in a new folder of mode 0700, and leaves neither", async () => {
    const { endpoint, stop } = await serve();
    const socket = endpoint.replace("unix://", "");
    expect(dirname(dirname(socket))).toBe(world.cli.folder);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    await stop();
    expect(existsSync(dirname(socket))).toBe(false);
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("ends with exit code 0 by %s", async (signal) => {
    const { stop } = await serve();
    expect(await stop(signal)).toMatchObject({ code: 0, signal: null });
  });

  test("ends by a signal also while it still waits for the exchange", async () => {
    const front = await openSilentFront();
    const { stop } = start({ url: front.url });
    await front.waiting;
    expect(leftovers()).toHaveLength(1);
    expect(await stop()).toMatchObject({ code: 0, stdout: "" });
  });

  test("goes on when nobody reads its output any more, and ends well", async () => {
    const { client, process: child, stop } = await serve();
    child.stdout?.destroy();
    child.stderr?.destroy();
    for (const audience of [AUDIENCE, OTHER]) await svidOf(client, audience);
    expect((await stop()).code).toBe(0);
  });

  test("prints JSON where it is asked to", async () => {
    const running = start({ flags: ["--json"] });
    await until(() => running.output.stdout.includes("\n"));
    expect(JSON.parse(running.output.stdout)).toEqual({ endpoint: expect.stringMatching(/^unix:\/\/\//) });
    await running.stop();
  });

  test("can be on a port of loopback, and says what this means", async () => {
    const { endpoint, client, output } = await serve({ flags: ["--tcp"] });
    expect(endpoint).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
    await svidOf(client);
    expect(output.stderr).toContain(
      "Each process that reaches this port, of any user, can get the SVIDs of this job.",
    );
    const port = endpoint.split(":").at(-1) ?? "";
    const second = await start({ flags: ["--tcp", port] }).ended;
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`Port ${port} of 127.0.0.1 cannot be opened (EADDRINUSE)`);
  });
});

describe("--socket", () => {
  const folder = (name: string, mode = 0o700): string => {
    const path = join(world.cli.folder, name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
    return path;
  };

  test("is the place of the socket, which is gone at the end", async () => {
    const socket = join(folder("named"), "api.sock");
    const { endpoint, client, stop } = await serve({ flags: ["--socket", "named/api.sock"] });
    expect(endpoint).toBe(`unix://${socket}`);
    await svidOf(client);
    await stop();
    expect(existsSync(socket)).toBe(false);
  });

  test("that another server has is refused, and that server goes on", async () => {
    const flags = ["--socket", join(folder("shared"), "api.sock")];
    const first = await serve({ flags });
    const second = await start({ flags }).ended;
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("cannot be opened (EADDRINUSE). [socket_unusable]");
    await svidOf(await connect(first.endpoint));
  });

  test("that a killed server left is taken over", async () => {
    const flags = ["--socket", join(folder("killed"), "api.sock")];
    const first = await serve({ flags });
    first.process.kill("SIGKILL");
    await first.ended;
    await svidOf((await serve({ flags })).client);
  });

  test("that is a file is refused, and the file stays", async () => {
    const path = join(folder("file"), "api.sock");
    writeFileSync(path, "mine");
    expect((await start({ flags: ["--socket", path] }).ended).code).toBe(1);
    expect(existsSync(path)).toBe(true);
  });

  test("in a folder that others may enter is refused", async () => {
    const path = join(folder("open", 0o755), "api.sock");
    const { code, stderr } = await start({ flags: ["--socket", path] }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(`other users may enter the folder ${dirname(path)} (mode 755)`);
  });

  test("that is longer than a socket may have is refused, and a shorter one is proposed", async () => {
    const { code, stderr } = await start({ flags: ["--socket", `/tmp/${"x".repeat(110)}/api.sock`] }).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/longer than the 10[37] bytes/);
    expect(stderr).toMatch(/for example \/tmp\/svid-exchange-\d+\/api\.sock/);
  });
});

test.each([
  [["--socket", "a", "--tcp"], "Give at most one of --socket and --tcp."],
  [["--tcp", "70000"], '"70000" is not a port'],
  [["--tcp", "http"], '"http" is not a port'],
  [["--trust-domain", "CI"], "--trust-domain cannot be used"],
])("%j is a usage error", async (flags, text) => {
  const { code, stderr } = await start({ flags }).ended;
  expect(code).toBe(2);
  expect(stderr).toContain(text);
});

test("an exchange that does not answer ends serve before it starts", async () => {
  const front = await world.openFront();
  front.faults.push(...Array(50).fill("500"));
  const { code, stdout, stderr } = await start({ url: front.url, flags: ["--timeout", "1s"] }).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("/.well-known/oauth-authorization-server answered with status 500.");
});

describe("run --workload-api", () => {
  const run = (command: readonly string[], flags: readonly string[] = []) =>
    world.cli.run(["run", "--exchange-url", world.url, "--workload-api", ...flags, "--", ...command], {
      env: { RUNNER_TEMP: world.cli.folder, ...world.jobs.github },
    });

  test("serves the command alone, without a file, and leaves nothing", async () => {
    const before = world.front.asked().length;
    const { code, stdout, stderr } = await run([...PROGRAM, AUDIENCE, OTHER, AUDIENCE]);
    expect(code, stderr).toBe(0);
    const { endpoint, ids, file } = JSON.parse(stdout);
    expect(endpoint).toMatch(new RegExp(`^unix://${world.cli.folder}/svid-exchange-.*/api.sock$`));
    expect(ids).toEqual([ids[0], ids[0], ids[0]]);
    expect(ids[0]).toMatch(/^spiffe:\/\/ci\.example\.org\/github\//);
    expect(file).toBe("none");
    expect(exchangesSince(before)).toBe(2);
  });

  test("gives the command a file as well where an audience is named, and both have the same SVID", async () => {
    const before = world.front.asked().length;
    const { code, stdout, stderr } = await run([...PROGRAM, AUDIENCE], ["--audience", AUDIENCE]);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ file: true });
    expect(exchangesSince(before)).toBe(1);
  });

  test("ends with the exit code of the command", async () => {
    expect((await run(["sh", "-c", "exit 7"])).code).toBe(7);
  });

  test("ends by a signal while it still waits for the exchange, and leaves neither file nor socket", async () => {
    const front = await openSilentFront();
    const args = ["run", "--exchange-url", front.url, "--token-audience", world.url, "--workload-api"];
    const running = world.cli.start([...args, "--audience", AUDIENCE, "--", "echo", "started"], {
      env: { RUNNER_TEMP: world.cli.folder, ...world.jobs.github },
    });
    await front.waiting;
    expect(leftovers()).toHaveLength(2);
    running.process.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: null, signal: "SIGTERM", stdout: "" });
  });

  test("starts no command where the Workload API cannot be served", async () => {
    const { code, stdout } = await run(["echo", "started"], ["--socket", `/tmp/${"x".repeat(110)}`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test.each([["--tcp"], ["--socket=x"], ["--trust-domain=a"]])("is demanded by %s", async (flag) => {
    const { code, stderr } = await world.cli.run(["run", "--exchange-url", world.url, flag, "--", "true"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Give --workload-api, too");
  });
});

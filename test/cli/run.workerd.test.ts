import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, type CliWorld, startCliWorld } from "../stage/cli-world.ts";
import { FAST_TIME, fastNowMs } from "./fast-time.ts";

const HERE = import.meta.dirname;
const READER = [process.execPath, join(HERE, "reader.mjs")];

let world: CliWorld;
let jwks: string;
beforeAll(async () => {
  world = await startCliWorld({
    main: "test/cli/fast-worker.ts",
    clock: () => Math.floor(fastNowMs() / 1000),
    trust: (document) => ({
      ...document,
      // The shortest lifetime that a policy may give.
      policies: document.policies.map((policy) => ({ ...policy, ttl: "1m" })),
    }),
  });
  jwks = await (await fetch(`${world.url}/.well-known/jwks.json`)).text();
});
afterAll(() => world.close());

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly url?: string;
}

function start(
  command: readonly string[],
  { env = world.jobs.github, flags = [], url = world.url }: Options = {},
) {
  const asked = ["--exchange-url", url, "--token-audience", world.url, "--audience", AUDIENCE, ...flags];
  return world.cli.start(["run", ...asked, "--", ...command], {
    nodeArgs: ["--import", FAST_TIME],
    env: { JWKS: jwks, RUNNER_TEMP: world.cli.folder, ...env },
  });
}

/** What is left of `run` in its folder for temporary files. */
const leftovers = (): readonly string[] =>
  readdirSync(world.cli.folder).filter((name) => /^(svid-exchange-|\.)/.test(name));

const shell = (script: string): string[] => ["sh", "-c", script];

describe("the file", () => {
  test("is replaced while it is read: a reader never finds a broken SVID, nor none", async () => {
    const { code, stdout, stderr } = await start([...READER, "two SVIDs"]).ended;
    expect({ code, stderr: stderr.split("\n").length }).toEqual({ code: 0, stderr: 2 });
    const seen = JSON.parse(stdout);
    expect(seen).toEqual({ reads: expect.any(Number), svids: 2, problems: [], absent: 0 });
    expect(seen.reads).toBeGreaterThan(10);
    expect(leftovers()).toEqual([]);
  });

  test("is a new one of mode 0600 in a folder of mode 0700, in the variable that --export-env names", async () => {
    const script = 'stat -c %a "$MY_SVID" "$(dirname "$MY_SVID")"; echo "$MY_SVID"';
    const { stdout } = await start(shell(script), { flags: ["--export-env", "MY_SVID"] }).ended;
    const [file, folder, path] = stdout.split("\n");
    expect([file, folder]).toEqual(["600", "700"]);
    expect(path).toMatch(new RegExp(`^${world.cli.folder}/svid-exchange-`));
    expect(existsSync(join(path ?? "", ".."))).toBe(false);
  });

  test("is where --svid-file says, and is removed at the end, too", async () => {
    const path = join(world.cli.folder, "named.jwt");
    const { stdout } = await start(shell('echo "$SVID_FILE"; test -s "$SVID_FILE"'), {
      flags: ["--svid-file", "named.jwt"],
    }).ended;
    expect(stdout).toBe(`${path}\n`);
    expect(existsSync(path)).toBe(false);
  });
});

describe("the command", () => {
  test.each([0, 1, 7, 255])("passes its exit code %i through, its output and its input", async (exit) => {
    const { code, stdout } = await start(shell(`cat; echo out; exit ${exit}`)).ended;
    expect({ code, stdout }).toEqual({ code: exit, stdout: "out\n" });
  });

  test("keeps its own flags, with or without --", async () => {
    const { stdout } = await start(["echo", "--json", "--audience", "x"]).ended;
    expect(stdout).toBe("--json --audience x\n");
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "gets our %s, and its own end is ours",
    async (signal) => {
      const script = `trap 'echo got ${signal}; exit 5' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`;
      const running = start(shell(script));
      await running.says("ready");
      running.process.kill(signal);
      const { code, stdout } = await running.ended;
      expect({ code, stdout }).toEqual({ code: 5, stdout: `ready\ngot ${signal}\n` });
      expect(leftovers()).toEqual([]);
    },
  );

  test("that a signal ends, ends us by the same signal", async () => {
    const { code, signal } = await start(shell("kill -TERM $$")).ended;
    expect({ code, signal }).toEqual({ code: null, signal: "SIGTERM" });
    expect(leftovers()).toEqual([]);
  });

  test.each([
    ["is not there", ["no-such-command"], 127],
    ["may not be executed", ["./plain"], 126],
  ])("that %s has the shell's exit code", async (_, command, exit) => {
    writeFileSync(join(world.cli.folder, "plain"), "x", { mode: 0o600 });
    const { code, stderr } = await start(command).ended;
    expect(code).toBe(exit);
    expect(stderr).toContain(`${command[0]} could not be started`);
    expect(leftovers()).toEqual([]);
  });

  test.each([
    ["no command", [], []],
    ["standard output as the file", ["true"], ["--svid-file", "-"]],
    ["a variable that is none", ["true"], ["--export-env", "A=B"]],
  ])("is not started with %s", async (_, command, flags) => {
    expect((await start(command, { flags }).ended).code).toBe(2);
  });
});

describe("a token that can't be renewed", () => {
  test("is said to be so; its SVID is removed when it ends, and the command goes on", async () => {
    const env = { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken() };
    const { code, stdout, stderr } = await start([...READER, "no file"], { env }).ended;
    expect(code).toBe(0);
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ problems: [], svids: 1, absent: 1 });
    expect(stderr).toContain("cannot be renewed. The SVID is renewed only while");
    expect(stderr).toContain("could not be renewed (token_replayed)");
    expect(stderr).toContain("was exchanged before");
    expect(stderr).toContain("No other attempt follows");
    expect(stderr).toContain("its file was removed");
  });

  test("starts no command once it has expired, and says what it means", async () => {
    const past = Math.floor(fastNowMs() / 1000) - 7200;
    const env = {
      SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken({ iat: past, nbf: past, exp: past + 3600 }),
    };
    const { code, stdout, stderr } = await start(shell("echo started"), { env }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("[token_expired]");
    expect(stderr).toContain("has expired, and this CI system does not renew it");
  });
});

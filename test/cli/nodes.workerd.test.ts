import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, type CliWorld, startCliWorld } from "../stage/cli-world.ts";
import { connectWorkloadApi, follow, openCall, svidRequest } from "../stage/workload-client.ts";

/** Every other Node that is at hand: the machine's own, and those that SVID_EXCHANGE_TEST_NODES names. */
function otherNodes(): readonly { version: string; path: string }[] {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "node"));
  const named = (process.env["SVID_EXCHANGE_TEST_NODES"] ?? "").split(delimiter);
  const found = [...onPath, ...named].flatMap((path) => {
    try {
      return [
        { version: execFileSync(path, ["--version"], { encoding: "utf8", stdio: "pipe" }).trim(), path },
      ];
    } catch {
      return []; // No Node there.
    }
  });
  const major = (version: string): string => version.split(".")[0] ?? "";
  const majors = new Map(found.map((node) => [major(node.version), node]));
  majors.delete(major(process.version));
  return [...majors.values()];
}

const nodes = otherNodes();
if (nodes.length === 0) {
  console.warn(`The CLI is tested on ${process.version} alone: no other Node is on the PATH.`);
}

let world: CliWorld;
beforeAll(async () => {
  world = await startCliWorld();
  writeFileSync(
    join(world.cli.folder, "bundle.json"),
    await (await fetch(`${world.url}/.well-known/spiffe-bundle.json`)).text(),
  );
});
afterAll(() => world.close());

describe.each([{ version: process.version, path: process.execPath }, ...nodes])(
  "on Node $version",
  ({ path }) => {
    test("the whole way: init, check, test, explain, fetch, verify, run", async () => {
      const run = (args: readonly string[], more: object = {}) =>
        world.cli.run(args, { node: path, ...more });
      const document = `trust-${process.hrtime.bigint()}.yaml`;
      const exchange = ["--exchange-url", world.url, "--audience", AUDIENCE];

      for (const args of [
        ["init", document],
        ["check", document],
        ["test", document],
        ["explain", document, "--fixture", "github/push", "--json"],
      ]) {
        const { code, stderr } = await run(args);
        expect({ args, code, stderr }).toEqual({ args, code: args[0] === "explain" ? 1 : 0, stderr: "" });
      }
      const fetched = await run(["fetch", ...exchange, "--svid-file", "-"], { env: world.jobs.github });
      expect(fetched).toMatchObject({ code: 0, stderr: "" });
      const verified = await run(
        [
          "verify",
          "-",
          "--bundle",
          "bundle.json",
          "--trust-domain",
          "ci.example.org",
          "--audience",
          AUDIENCE,
        ],
        { stdin: fetched.stdout },
      );
      expect(verified).toMatchObject({ code: 0, stderr: "" });
      const ran = await run(["run", ...exchange, "--", "sh", "-c", 'test -s "$SVID_FILE" && exit 9'], {
        env: world.jobs.github,
      });
      expect(ran.code).toBe(9);
      expect((await run(["keys", "--exchange-url", world.url])).code).toBe(0);
      expect(
        (
          await run(["fetch", ...exchange, "--svid-file", "-", "--policy", "none"], {
            env: world.jobs.github,
          })
        ).stderr,
      ).toContain("[policy_unknown]");
    });

    test("serves the Workload API: calls, refusals, and a stream until it ends", async () => {
      const env = { ...world.jobs.github, RUNNER_TEMP: world.cli.folder };
      const {
        output,
        process: child,
        ended,
      } = world.cli.start(["serve", "--exchange-url", world.url], {
        node: path,
        env,
      });
      while (!output.stdout.includes("\n") && child.exitCode === null) await sleep(25);
      const client = await connectWorkloadApi(output.stdout.trim().replace("SPIFFE_ENDPOINT_SOCKET=", ""));
      const fetchFor = (audience: string) =>
        client.call("FetchJWTSVID", { message: svidRequest([audience]) });
      expect(await fetchFor(AUDIENCE), output.stderr).toMatchObject({ code: 0, trailersOnly: false });
      expect(await fetchFor("other")).toMatchObject({ code: 7, trailersOnly: true, rstCode: 0 });
      const cut = openCall(client.session, "FetchJWTSVID", { headers: { "grpc-timeout": "20m" } });
      expect(await follow(cut).ended).toMatchObject({ code: 4, trailersOnly: true });
      const stream = client.start("FetchJWTBundles");
      while (stream.messages.length === 0) await sleep(5);
      child.kill("SIGTERM");
      expect(await stream.ended).toMatchObject({ code: 14 });
      expect(await ended).toMatchObject({ code: 0 });
    });
  },
);

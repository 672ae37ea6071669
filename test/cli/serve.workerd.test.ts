import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, type CliWorld, startCliWorld } from "../stage/cli-world.ts";
import {
  bundlesOf,
  connectWorkloadApi,
  fieldsOf,
  svidRequest,
  svidsOf,
  validateRequest,
} from "../stage/workload-client.ts";

let world: CliWorld;
beforeAll(async () => {
  world = await startCliWorld();
});
afterAll(() => world.close());

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly url?: string;
}

/** Starts `serve`, and waits until it says where it answers. */
async function serve({ env = world.jobs.github, flags = [], url = world.url }: Options = {}) {
  const running = world.cli.start(["serve", "--exchange-url", url, "--token-audience", world.url, ...flags], {
    env: { RUNNER_TEMP: world.cli.folder, ...env },
  });
  await running.says("\n");
  const [, endpoint = ""] = /^SPIFFE_ENDPOINT_SOCKET=(.*)\n$/.exec(running.output.stdout) ?? [];
  return {
    ...running,
    endpoint,
    client: await connectWorkloadApi(endpoint),
    stop: async () => {
      running.process.kill("SIGTERM");
      return running.ended;
    },
  };
}

describe("serve", () => {
  test("gives an SVID for an audience, the bundle, and validates the SVID", async () => {
    const { client, stop, output } = await serve();
    const fetched = await client.call("FetchJWTSVID", { message: svidRequest([AUDIENCE]) });
    expect(fetched, output.stderr).toMatchObject({ code: 0, http: 200 });
    const [svid] = svidsOf(fetched.messages[0] ?? new Uint8Array());
    const stream = client.start("FetchJWTBundles");
    while (stream.messages.length === 0) await sleep(5);
    expect(Object.keys(bundlesOf(stream.messages[0] ?? new Uint8Array()))).toEqual([
      "spiffe://ci.example.org",
    ]);
    const validated = await client.call("ValidateJWTSVID", {
      message: validateRequest(AUDIENCE, svid?.svid ?? ""),
    });
    expect(validated).toMatchObject({ code: 0 });
    expect(fieldsOf(validated.messages[0] ?? new Uint8Array())[0]).toEqual([
      1,
      Buffer.from(svid?.spiffeId ?? ""),
    ]);
    await stop();
    expect(await stream.ended).toMatchObject({ code: 14 });
  });
});

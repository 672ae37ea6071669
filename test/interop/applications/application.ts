import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { callApplication } from "../../../local/call.ts";
import { jobs, runJob } from "../../../local/jobs.ts";
import type { World } from "../../../local/world.ts";
import { eventually } from "../../stage/eventually.ts";
import type { Command } from "../party.ts";

/** An application that runs, and its entry in the trust document. */
export interface Running {
  readonly origin: string;
  readonly entry: { readonly name: string; readonly host: string } & Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** Starts an application on a free port, and waits until it answers. */
export async function startApplication(
  name: string,
  [program, ...args]: Command,
  world: World,
): Promise<Running> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { ...process.env, ISSUER: world.exchange, AUDIENCE: origin, PORT: String(port) };
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await eventually(() =>
    fetch(origin).then(
      () => true,
      () => false,
    ),
  );
  return {
    origin,
    entry: {
      name,
      host: `${name.toLowerCase()}.localhost:${new URL(world.exchange).port}`,
      origin,
      rules: [
        {
          match: { "svid.id": { glob: "spiffe://*/github/**" } },
          roles: ["{{ svid.claim.roles }}"],
          traits: { repository: ["{{ svid.claim.repository }}"] },
        },
      ],
    },
    close: async () => {
      child.kill();
      await exit;
    },
  };
}

/** A job's call through the gateway, with a fresh SVID for the application. */
export async function callThrough(world: World, { entry }: Running): Promise<Answered> {
  const [github] = jobs(world);
  if (github === undefined) throw new Error("the local world has no job");
  const audience = `https://${entry.host}`;
  const { answer } = await runJob({ ...github, audience }, world.exchange);
  return callApplication({ ...world, application: { ...world.application, host: entry.host } }, answer.svid);
}

/** A call past the gateway, with a header that the caller made up. */
export async function callPast({ origin }: Running, assertion?: string): Promise<Answered> {
  const headers = assertion === undefined ? {} : { "svid-jwt-assertion": assertion };
  const response = await fetch(origin, { headers });
  return { status: response.status, body: await response.text() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

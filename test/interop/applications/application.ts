import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { callApplication } from "../../../local/call.ts";
import { jobs, runJob } from "../../../local/jobs.ts";
import type { World } from "../../../local/world.ts";
import { eventually } from "../../stage/eventually.ts";
import { type Command, folderOf } from "../party.ts";
import type { ApplicationParty } from "./parties.ts";

/** An application that runs, and its entry in the trust document. */
export interface Running {
  /** The party's name. */
  readonly party: string;
  readonly origin: string;
  readonly header: ApplicationParty["header"];
  readonly entry: { readonly name: string; readonly host: string } & Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
}

/**
 * Starts an application on a free port, and waits until it answers.
 *
 * @param jwks where the exchange's keys are by https, for software that takes nothing else.
 */
export async function startApplication(
  { party, header }: ApplicationParty,
  [program, ...args]: Command,
  world: World,
  jwks: string,
): Promise<Running> {
  const name = party.name.toLowerCase().replaceAll("_", "-");
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const own = {
    ISSUER: world.exchange,
    AUDIENCE: origin,
    PORT: String(port),
    JWKS: jwks,
    ROOT: folderOf(party),
  };
  const env = { ...process.env, ...own };
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await eventually(() =>
    fetch(origin).then(
      () => true,
      () => false,
    ),
  );
  return {
    party: party.name,
    origin,
    header,
    entry: {
      name,
      host: `${name}.localhost:${new URL(world.exchange).port}`,
      origin,
      ...(header === "authorization"
        ? { rewrite: { headers: ["Authorization: Bearer {{ internal.jwt }}"] } }
        : {}),
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
export async function callPast({ origin, header }: Running, assertion?: string): Promise<Answered> {
  const value = header === "authorization" ? `Bearer ${assertion}` : assertion;
  const response = await fetch(
    origin,
    value === undefined || assertion === undefined ? {} : { headers: { [header]: value } },
  );
  return { status: response.status, body: await response.text() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

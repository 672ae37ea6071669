import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { jobs, runJob } from "../../../local/jobs.ts";
import { policyOf, trustDocument } from "../../../local/trust-document.ts";
import type { World } from "../../../local/world.ts";
import { buildBundle } from "../../../scripts/build.ts";
import type { Job } from "./checks.ts";

/** A Workload API that the built CLI serves to a job of the local GitHub-like provider. */
export interface ServedJob extends Job {
  /** The values of SPIFFE_ENDPOINT_SOCKET, for a socket of the file system and for TCP. */
  readonly endpoints: { readonly unix: string; readonly tcp: string };
  readonly close: () => Promise<void>;
}

export async function serveJob(world: World): Promise<ServedJob> {
  const folder = mkdtempSync(join(tmpdir(), "svid-interop-"));
  await buildBundle("cli", folder);
  const start = (...flags: readonly string[]) =>
    startServe([join(folder, "svid-exchange.mjs"), "serve", ...flags], world);
  const [unix, tcp] = await Promise.all([start(), start("--tcp")]);
  return {
    ...(await grantedJob(world)),
    endpoints: { unix: unix.endpoint, tcp: tcp.endpoint },
    close: async () => {
      await Promise.all([unix.close(), tcp.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the policy of the repository's own `trust.yaml` grants to that job. */
async function grantedJob(world: World): Promise<Job> {
  const document = trustDocument();
  const policy = policyOf(document, "github-deploy");
  const [audience, { audience: rsaAudience }] = policy["audiences"] as [string, { audience: string }];
  const [job] = jobs(world);
  if (job === undefined) throw new Error("the local world has no job");
  const { claims } = await runJob(job, world.exchange);
  return {
    exchange: world.exchange,
    trustDomain: String(document["trustDomain"]),
    spiffeId: String(claims.sub),
    audience,
    rsaAudience,
    refusedAudience: "https://nobody.example.org",
  };
}

/** The first line of its standard output names the endpoint. Its log goes to our standard error. */
async function startServe(args: readonly string[], { exchange, github }: World) {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env["PATH"],
      GITHUB_ACTIONS: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: github.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: github.requestToken,
      SVID_EXCHANGE_URL: exchange,
    },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { endpoint: line.replace(/^\w+=/, ""), close: () => end(child) };
  }
  throw new Error("svid-exchange serve ended before it served");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

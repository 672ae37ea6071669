import { generate } from "selfsigned";
import { callApplication } from "../../../local/call.ts";
import { jobs, runJob } from "../../../local/jobs.ts";
import { createProviderKey } from "../../../local/provider-keys.ts";
import { listen } from "../../../local/serve.ts";
import type { TrustDocument } from "../../../local/trust-document.ts";
import type { World } from "../../../local/world.ts";
import { eventually } from "../../stage/eventually.ts";
import { type Findings, type Outcome, outcomeOf, type Skipped } from "../outcome.ts";
import { commandOf, install, type Party } from "../party.ts";
import { type Answered, callPast, callThrough, type Running, startApplication } from "./application.ts";
import { APPLICATION_PARTIES } from "./parties.ts";

type Algorithm = "ES256" | "RS256";

interface Check {
  readonly name: string;
  readonly run: (running: Running, world: World) => Promise<"holds">;
}

/** An isolate looks for a new document every 30 seconds. */
const TAKEN_UP_WITHIN_MS = 120_000;

const CALLER = "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production";

const PAST: readonly Check[] = [
  { name: "a request past the gateway is refused", run: async (running) => refused(await callPast(running)) },
  {
    name: "an assertion by a foreign key is refused",
    run: async (running, { exchange }) => {
      const key = await createProviderKey("foreign");
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: exchange, aud: running.origin, sub: CALLER, iat: now, exp: now + 60 };
      return refused(await callPast(running, await key.sign(claims)));
    },
  },
  {
    name: "an SVID for another audience is no assertion",
    run: async (running, world) => {
      const [github] = jobs(world);
      if (github === undefined) throw new Error("the local world has no job");
      const { answer } = await runJob(github, world.exchange);
      return refused(await callPast(running, answer.svid));
    },
  },
];

/** Puts every application that is here behind the gateway, once with each algorithm, and calls it. */
export async function driveApplications(world: World): Promise<Findings> {
  const skipped: Skipped[] = [];
  const driven: Party[] = [];
  const running: Running[] = [];
  const outcomes: Outcome[] = [];
  const keys = await serveKeysByHttps(world);
  try {
    for (const application of APPLICATION_PARTIES) {
      const { party } = application;
      const found = commandOf(party);
      if ("missing" in found) skipped.push({ party: party.name, why: found.missing });
      else {
        running.push(await startApplication(application, found.command, world, `${keys.origin}/jwks.json`));
        driven.push(party);
      }
    }
    for (const algorithm of ["ES256", "RS256"] as const) {
      await putBehind(world, running, algorithm);
      for (const one of running) outcomes.push(await calledThrough(one, world, algorithm));
    }
    for (const one of running) {
      for (const { name, run } of PAST) {
        outcomes.push(await outcomeOf(one.party, name, () => run(one, world)));
      }
    }
    const title = "Applications behind the gateway";
    return { title, driven, skipped, outcomes, notes: [] };
  } finally {
    for (const one of running) await one.close();
    await keys.close();
  }
}

/** Apache's module reads keys by https alone. */
async function serveKeysByHttps({ exchange }: World) {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
  return listen(
    async (_, outgoing) => {
      const keys = await (await fetch(`${exchange}/.well-known/jwks.json`)).text();
      outgoing.writeHead(200, { "content-type": "application/json" }).end(keys);
    },
    { key, cert },
  );
}

export function installApplications(): void {
  for (const { party } of APPLICATION_PARTIES) install(party);
}

function calledThrough(running: Running, world: World, algorithm: Algorithm): Promise<Outcome> {
  return outcomeOf(running.party, `an assertion by ${algorithm} says who called`, async () => {
    const { status, body } = await callThrough(world, running);
    const expected = {
      caller: CALLER,
      roles: ["deployer"],
      traits: { repository: ["brightfen/orders-api"] },
    };
    const said: unknown = status === 200 ? JSON.parse(body) : undefined;
    if (JSON.stringify(said) === JSON.stringify(expected)) return "holds";
    throw new Error(`${status} ${body}`);
  });
}

function refused({ status, body }: Answered): "holds" {
  if (status === 403 || status === 401) return "holds";
  throw new Error(`${status} ${body}`);
}

/** Puts the applications into the trust document, and waits until the Worker has taken it up. */
async function putBehind(world: World, running: readonly Running[], algorithm: Algorithm): Promise<void> {
  const name = algorithm.toLowerCase();
  const applications = running.map(({ entry }) => ({ ...entry, assertion: { algorithm } }));
  const hosts = applications.map(({ host }) => `https://${host}`);
  await world.editTrust((document: TrustDocument) => ({
    ...document,
    policies: document.policies.map((policy) => ({
      ...policy,
      audiences: [...(policy["audiences"] as readonly unknown[]), ...hosts],
    })),
    applications: [...(document["applications"] as readonly unknown[]), ...applications, probe(world, name)],
  }));
  await eventually(async () => (await statusOf(world, name)) === 401, TAKEN_UP_WITHIN_MS);
}

/** An application that only tells that the document is in force: a stranger gets 401 at its host, and 404 before. */
function probe(world: World, name: string): object {
  const { origin } = world.application;
  return { name, host: hostOf(world, name), origin, rules: [{ match: { "svid.id": { exists: true } } }] };
}

const hostOf = ({ exchange }: World, name: string): string => `${name}.localhost:${new URL(exchange).port}`;

async function statusOf(world: World, name: string): Promise<number> {
  const application = { ...world.application, host: hostOf(world, name) };
  return (await callApplication({ ...world, application })).status;
}

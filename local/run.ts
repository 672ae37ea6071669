// The local run: starts the exchange with two CI providers on loopback, does one exchange for each, calls an application
// behind the gateway with the SVIDs, and stays up. With --exit it ends then; the exit status says whether all went well.
import { callApplication } from "./call.ts";
import { jobs, runJob } from "./jobs.ts";
import { describeCall, describeExchange, describeNext } from "./report.ts";
import { startWorld } from "./world.ts";

// The local runtime would otherwise ask Cloudflare for a sample of request.cf.
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] ??= "false";
console.log("Starting the Worker in workerd, with a GitHub-like and a GitLab-like issuer on loopback …");
const world = await startWorld();
try {
  for (const job of jobs(world)) {
    console.log(describeExchange(job, await runJob(job, world.exchange), world.exchange));
  }
  console.log(await callers());
  if (!process.argv.includes("--exit")) await stayUp();
} catch (cause) {
  console.error(cause);
  process.exitCode = 1;
} finally {
  await world.close();
}

/** The application is called by both jobs, of which its rules let one in, and by a stranger without a token. */
async function callers(): Promise<string> {
  const { audience } = world.application;
  const calls: string[] = [];
  for (const job of jobs(world)) {
    const { answer } = await runJob({ ...job, audience }, world.exchange);
    calls.push(describeCall(job.name, await callApplication(world, answer.svid)));
  }
  calls.push(describeCall("a stranger without a token", await callApplication(world)));
  return `The application ${world.application.host} behind the gateway, called by\n${calls.join("")}`;
}

async function stayUp(): Promise<void> {
  console.log(describeNext(world));
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

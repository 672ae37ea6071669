// The local run: starts the exchange with two CI providers on loopback, does one exchange for each, and stays up.
// With --exit it ends after the exchanges; the exit status says whether all of them succeeded.
import { jobs, runJob } from "./jobs.ts";
import { describeExchange, describeNext } from "./report.ts";
import { startWorld } from "./world.ts";

// The local runtime would otherwise ask Cloudflare for a sample of request.cf.
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] ??= "false";
console.log("Starting the Worker in workerd, with a GitHub-like and a GitLab-like issuer on loopback …");
const world = await startWorld();
try {
  for (const job of jobs(world)) {
    console.log(describeExchange(job, await runJob(job, world.exchange), world.exchange));
  }
  if (!process.argv.includes("--exit")) await stayUp();
} catch (cause) {
  console.error(cause);
  process.exitCode = 1;
} finally {
  await world.close();
}

async function stayUp(): Promise<void> {
  console.log(describeNext(world));
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

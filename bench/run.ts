// npm run bench: the numbers that the design promises, as ratios taken in one run. Exit status 1 where one is missed.
import { randomBytes } from "node:crypto";
import { createTestHarness } from "wrangler";
import { createGithubIssuer, type GithubIssuer } from "../local/github.ts";
import { serve } from "../local/serve.ts";
import { configWithMain } from "../local/worker-config.ts";
import type { Measured } from "./edge.ts";
import { type Figure, ratio, report } from "./figures.ts";
import { LARGE } from "./gateway.ts";
import { actionProcessTime, sizes } from "./sizes.ts";
import { workload } from "./workload.ts";

process.env["CLOUDFLARE_CF_FETCH_ENABLED"] ??= "false";

const figures = [...edgeFigures(await measureEdge()), ...sizes(), actionProcessTime()];
console.log(report(figures));
if (figures.some(({ value, target }) => !(value <= target))) process.exitCode = 1;

/** Runs `edge.ts` in workerd, with a GitHub-like issuer on loopback whose keys it fetches once. */
async function measureEdge(): Promise<Measured> {
  let github: GithubIssuer | undefined;
  const provider = await serve(async (origin) => {
    const issuer = await createGithubIssuer(origin);
    github = issuer;
    return (request) => issuer.handle(request, Math.floor(Date.now() / 1000));
  });
  const large = new Uint8Array(LARGE.bytes);
  const application = await serve(async () => ({ url }) => {
    return new URL(url).pathname === LARGE.path ? new Response(large) : Response.json({ jobs: [] });
  });
  const config = configWithMain("bench/edge.ts");
  const secrets = { KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64") };
  const server = createTestHarness({ workers: [{ configPath: config.path, secrets }] });
  try {
    if (github === undefined) throw new Error("the local issuer did not start");
    await server.listen();
    const body = JSON.stringify(await workload(github, application.origin));
    const response = await server.fetch("/", { method: "POST", body });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Measured;
  } finally {
    await server.close();
    await provider.close();
    await application.close();
    config.remove();
  }
}

function edgeFigures(measured: Measured): readonly Figure[] {
  const times = (what: string, value: number, target: number): Figure => ({
    what,
    value,
    target,
    unit: "times",
  });
  const count = (what: string, value: number, target: number): Figure => ({ what, value, target, unit: "" });
  return [
    times("warm exchange over bare WebCrypto", ratio(measured, "exchange:small", "crypto"), 2),
    times("10,000 policies over 10", ratio(measured, "exchange:large", "exchange:small"), 1.2),
    times("JWKS over an empty Response", ratio(measured, "jwks:small", "response"), 1.5),
    count("outbound requests of a warm exchange", measured.exchange.outboundRequests, 0),
    count("KV reads of a warm exchange", measured.exchange.kvReads, 0),
    times("warm pass-through of the gateway over a bare proxy", ratio(measured, "gateway", "proxy"), 1.3),
    times(
      "4 MiB through the gateway over a bare proxy",
      ratio(measured, "gateway:large", "proxy:large"),
      1.3,
    ),
    count("outbound requests of a warm pass-through", measured.passThrough.outboundRequests, 1),
    count("KV reads of a warm pass-through", measured.passThrough.kvReads, 0),
    count("object calls of a warm pass-through", measured.passThrough.objectCalls, 0),
  ];
}

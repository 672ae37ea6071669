import { join } from "node:path";
import { now } from "../../local/clock.ts";
import type { TrustDocument } from "../../local/trust-document.ts";
import { createCiSystems } from "./ci-systems.ts";
import { buildCli } from "./cli.ts";
import { startWorld, type WorldOptions } from "./world.ts";

export const AUDIENCE = "https://vault.example.org";

export type CliWorld = Awaited<ReturnType<typeof startCliWorld>>;

/** The world of `startWorld` with the built CLI in it, and jobs of five CI systems around it. */
export async function startCliWorld(options: WorldOptions = {}) {
  const { clock = now, trust } = options;
  const systems = await createCiSystems();
  const edit = (document: TrustDocument) => systems.allowIn(trust?.(document) ?? document, AUDIENCE);
  const world = await startWorld({ ...options, trust: edit });
  const cli = await buildCli();
  const { jobs, close } = await systems.open(join(cli.folder, "bin"));
  return {
    ...world,
    cli,
    issuers: systems.issuers,
    /** The variables of a job of each CI system. */
    jobs: { github: { GITHUB_ACTIONS: "true", ...world.tokenVariables() }, ...jobs },
    /** What GitLab puts in a variable of a job that starts now. */
    gitlabToken: (overrides: Readonly<Record<string, unknown>> = {}): Promise<string> =>
      world.exchange.gitlab.token(world.url, clock(), overrides),
    close: async () => {
      await close();
      await world.close();
      cli.remove();
    },
  };
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectNothingLeft } from "../../action/left-behind.ts";
import type { Job, Step } from "../../stage/runner.ts";
import { startWorld, type World } from "../../stage/world.ts";
import { commandOf } from "../party.ts";
import { GO_SPIFFE, PY_SPIFFE } from "./parties.ts";
import type { Answer } from "./workload.ts";

const VAULT = "https://vault.example.org";
const ENTRA = "api://AzureADTokenExchange";
const SPIFFE_ID = "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production";

/** `test/action/background.workerd.test.ts` proves the same with a client of our own, on every machine. */
describe.each([GO_SPIFFE, PY_SPIFFE])(
  "the built action, and an unmodified $name in a later step",
  (party) => {
    const found = commandOf(party);
    const missing = "missing" in found ? found.missing : undefined;
    const [program = "", ...args] = "command" in found ? found.command : [];
    const name = missing === undefined ? "" : ` (skipped: ${missing})`;

    let world: World;
    let job: Job;
    let step: Step;
    beforeAll(async () => {
      if (missing !== undefined) return;
      world = await startWorld();
      job = world.job();
      step = await job.step({ inputs: { "exchange-url": world.url, "workload-api": "true" } });
      expect(step).toMatchObject({ code: 0, stderr: "" });
    });
    afterAll(() => world?.close());

    /** One run of the program: what it said to each command. */
    async function answers(...commands: readonly string[]): Promise<readonly Answer[]> {
      const ran = await job.program([program, ...args], step.exported, `${commands.join("\n")}\n`);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      return ran.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    }

    test.skipIf(missing !== undefined)(
      `gets an SVID for two audiences, and validates one${name}`,
      async () => {
        const [vault, entra] = await answers(`fetch ${VAULT}`, `fetch ${ENTRA}`);
        expect(vault).toMatchObject({ ok: { id: SPIFFE_ID, audience: [VAULT] } });
        expect(entra).toMatchObject({ ok: { id: SPIFFE_ID, audience: [ENTRA] } });
        const token = vault !== undefined && "ok" in vault ? String(vault.ok["token"]) : "";
        expect(await answers(`judge ${VAULT} ${token}`, `validate ${VAULT} ${token}`)).toEqual([
          { ok: expect.objectContaining({ id: SPIFFE_ID }) },
          { ok: expect.objectContaining({ id: SPIFFE_ID }) },
        ]);
      },
    );

    test.skipIf(missing !== undefined)(`post ends it all${name}`, async () => {
      expect(await job.post(step)).toMatchObject({ code: 0, stderr: "" });
      await expectNothingLeft(job);
    });
  },
);

import { setTimeout as sleep } from "node:timers/promises";
import { decodeProtectedHeader } from "jose";
import type { World } from "../../../local/world.ts";
import { type Outcome, outcomeOf } from "../outcome.ts";
import type { Party } from "../party.ts";
import { type Job, publishedKids, svidFor } from "./checks.ts";
import type { Workload } from "./workload.ts";

/** A program that was started. */
export interface Running {
  readonly party: Party;
  readonly workload: Workload;
}

/** A Worker looks for a new trust document every 30 seconds. */
const LONGEST_PUBLICATION_MS = 90_000;
/** The refresh hint of the bundle, and some time for the answer. */
const LONGEST_PUSH_MS = 330_000;
const LOOK_AGAIN_MS = 1_000;

const CHECK =
  "sees a revoked key leave its stream, refuses SVIDs of that key and accepts those of the next one";

/**
 * Revokes the key that signs, in the trust document, while all programs are running. Those that hold a stream of bundles
 * must refuse the old SVID and accept a new one, without a restart.
 */
export async function changeKeys(
  running: readonly Running[],
  job: Job,
  world: World,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly notes: readonly string[] }> {
  const [first] = running;
  if (first === undefined) return { outcomes: [], notes: [] };
  const token = await svidFor(first.workload, job.audience);
  const kid = String(decodeProtectedHeader(token).kid);
  await world.editTrust((document) => ({
    ...document,
    keys: { ...(document["keys"] as object), revoked: [kid] },
  }));
  const startMs = Date.now();
  await until(LONGEST_PUBLICATION_MS, async () => !(await publishedKids(job)).includes(kid));
  const publishedMs = Date.now();
  const outcomes = await Promise.all(
    running.map(({ party, workload }) =>
      outcomeOf(party.name, CHECK, async () => {
        const sees = async (): Promise<boolean> => {
          const answer = await workload.ask("source", job.trustDomain);
          if (answer === undefined) return true;
          return "ok" in answer && !(answer.ok["keys"] as readonly string[]).includes(kid);
        };
        if ((await workload.ask("source", job.trustDomain)) === undefined) return "not offered";
        await until(LONGEST_PUSH_MS, sees);
        await expectVerdict(workload, job.audience, token, "refused");
        await expectVerdict(workload, job.audience, await svidFor(workload, job.audience), "accepted");
        return "holds";
      }),
    ),
  );
  return {
    outcomes,
    notes: [
      `The exchange published the keys without the revoked one after ${seconds(publishedMs - startMs)}, and the last program had them ${seconds(Date.now() - publishedMs)} later.`,
    ],
  };
}

async function expectVerdict(
  { ask }: Workload,
  audience: string,
  token: string,
  expected: "accepted" | "refused",
): Promise<void> {
  const answer = await ask("judge", audience, token);
  const verdict = answer !== undefined && "ok" in answer ? "accepted" : "refused";
  if (verdict !== expected) throw new Error(`the SVID was ${verdict}: ${JSON.stringify(answer)}`);
}

async function until(longestMs: number, holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + longestMs;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`not within ${seconds(longestMs)}`);
    await sleep(LOOK_AGAIN_MS);
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

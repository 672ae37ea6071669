import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Command } from "../party.ts";

/** What a workload says: what it got, or the error of its library. README.md lists commands and their results. */
export type Answer =
  | { readonly ok: Readonly<Record<string, unknown>> }
  | { readonly code: string; readonly message: string };

export interface Workload {
  /** @returns `undefined` where this program has no such command. */
  readonly ask: (
    ...words: readonly [command: string, ...args: readonly string[]]
  ) => Promise<Answer | undefined>;
  readonly close: () => Promise<void>;
}

/** For one answer. A library tries again for some time before it says that a server is not there. */
const LONGEST_ANSWER_MS = 60_000;

/** Starts a program that answers each line of its input with one line of JSON. */
export function startWorkload([program, ...args]: Command, endpoint: string): Workload {
  const child = spawn(program, args, { env: { ...process.env, SPIFFE_ENDPOINT_SOCKET: endpoint } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  child.stdin.on("error", () => {}); // It has ended: the missing answer says so.
  return {
    ask: async (...words) => {
      child.stdin.write(`${words.join(" ")}\n`);
      const line = await within(LONGEST_ANSWER_MS, lines.next());
      if (line?.done !== false)
        throw new Error(`${program} gave no answer to ${words[0]}: ${errors.join("")}`);
      const answer: Answer = JSON.parse(line.value);
      return "message" in answer && answer.message.includes("no such command") ? undefined : answer;
    },
    close: () => ended(child),
  };
}

/** The end of its input ends it. */
async function ended(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.end();
  if ((await within(LONGEST_ANSWER_MS, exit)) === undefined) child.kill("SIGKILL");
}

function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

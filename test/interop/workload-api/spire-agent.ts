import { execFile } from "node:child_process";
import type { Command } from "../party.ts";
import type { Answer, Workload } from "./workload.ts";

/** `spire-agent api`, which asks a Workload API once for each command. It speaks to sockets of the file system alone. */
export function spireAgent([program]: Command, endpoint: string): Workload {
  const socket = endpoint.replace(/^unix:\/\//, "");
  const run = (...words: readonly string[]): Promise<Answer> =>
    new Promise((resolve) => {
      const args = ["api", ...words, "-socketPath", socket, "-output", "json"];
      execFile(program, args, (error, stdout, stderr) => {
        resolve(error === null ? { ok: { result: JSON.parse(stdout) } } : refusal(stderr));
      });
    });
  const fetch = async (audiences: string, id?: string): Promise<Answer> => {
    const flags = id === undefined ? [] : ["-spiffeID", id];
    const answer = await run("fetch", "jwt", "-audience", audiences, ...flags);
    return "ok" in answer ? { ok: fetched(answer.ok["result"]) } : answer;
  };
  const validate = async (audience: string, token: string): Promise<Answer> => {
    const answer = await run("validate", "jwt", "-audience", audience, "-svid", token);
    return "ok" in answer ? { ok: validated(answer.ok["result"]) } : answer;
  };
  return {
    ask: async (command, ...[first = "", second]) => {
      if (command === "fetch") return fetch(first, second);
      if (command === "validate") return validate(first, second ?? "");
      return command === "x509" ? run("fetch", "x509") : undefined;
    },
    close: async () => {},
  };
}

/** It prints gRPC's own words, but names a refused SVID in words of its own. */
function refusal(stderr: string): Answer {
  const [, code = stderr.includes("SVID is not valid") ? "InvalidArgument" : "unknown"] =
    /code = (\w+)/.exec(stderr) ?? [];
  return { code, message: stderr.trim() };
}

function fetched(result: unknown): { readonly id: unknown; readonly token: unknown } {
  const [{ svids }] = result as [{ svids: [{ spiffe_id: unknown; svid: unknown }] }];
  return { id: svids[0].spiffe_id, token: svids[0].svid };
}

function validated(result: unknown): { readonly id: unknown } {
  const { spiffe_id } = result as { spiffe_id: unknown };
  return { id: spiffe_id };
}

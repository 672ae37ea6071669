import type { ExecutionContext } from "@cloudflare/workers-types";
import { exchangeForm } from "../../shared/wire.ts";
import type { Env } from "../../worker/env.ts";
import lab from "../stage/lab-main.ts";

export { KeyKeeper, ReplayGuard } from "../stage/lab-main.ts";

interface Flood {
  readonly count: number;
  /** Requests that are under way at the same time. */
  readonly abreast: number;
  /** The last two parts of the tokens; their headers differ in a random kid. */
  readonly tail: string;
}

/**
 * The laboratory, where `POST /flood` makes the isolate serve many exchanges by itself: ten thousand requests over a
 * socket would measure the socket. Answers how often each code came.
 */
export default {
  ...lab,
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    if (new URL(request.url).pathname !== "/flood") return lab.fetch(request, env, ctx);
    const { count, abreast, tail } = (await request.json()) as Flood;
    const codes: Record<string, number> = {};
    for (let sent = 0; sent < count; sent += abreast) {
      const together = Array.from({ length: abreast }, () =>
        lab.fetch(floodRequest(request, tail), env, ctx),
      );
      for (const response of await Promise.all(together)) {
        const { code = "none" } = (await response.json()) as { code?: string };
        codes[code] = (codes[code] ?? 0) + 1;
      }
    }
    return Response.json(codes);
  },
};

function floodRequest({ url, headers }: Request, tail: string): Request {
  const header = btoa(JSON.stringify({ alg: "RS256", kid: crypto.randomUUID() })).replaceAll("=", "");
  const form = exchangeForm({ subjectToken: `${header}.${tail}`, audience: "https://vault.example.org" });
  const passed = [...headers].filter(([name]) => name.startsWith("x-lab-"));
  return new Request(new URL("/token", url), {
    method: "POST",
    headers: { ...Object.fromEntries(passed), "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
}

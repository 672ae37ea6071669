import type {
  DurableObjectNamespace,
  ExecutionContext,
  KVNamespace,
  ScheduledController,
} from "@cloudflare/workers-types";
import { createApp } from "../../worker/app.ts";
import type { Env } from "../../worker/env.ts";
import { KeyKeeper as DeployedKeeper } from "../../worker/signing/keeper/keeper.ts";

export { ReplayGuard } from "../../worker/exchange/replay/guard.ts";

// The real Worker in a laboratory: a request says in headers at what time it is served, by which isolate (each name has
// a memory of its own), and which of the platform's parts fail meanwhile. What is set stays until it is set again.
//   x-lab-now: Unix seconds | real      x-lab-isolate: any name      x-lab-faults: kv-get,kv-put,keys,replay,env | none
//   x-lab-keeper-ahead: seconds by which the keeper's own clock is ahead of the time that the request names

type Fault = "kv-get" | "kv-put" | "keys" | "replay";
type App = ReturnType<typeof createApp>;

const apps = new Map<string, App>();
const faults = new Set<string>();
let frozen: number | undefined;
let isolate = "default";
let keeperAhead = 0;

const clock = (): number => frozen ?? Math.floor(Date.now() / 1000);

/** The keeper, with a clock of the laboratory. */
export class KeyKeeper extends DeployedKeeper {
  protected override clock(): number {
    return clock() + keeperAhead;
  }
}

function app(): App {
  const found = apps.get(isolate) ?? createApp(clock);
  apps.set(isolate, found);
  return found;
}

function adjust(headers: Headers): void {
  const now = headers.get("x-lab-now");
  if (now !== null) frozen = now === "real" ? undefined : Number(now);
  isolate = headers.get("x-lab-isolate") ?? isolate;
  keeperAhead = Number(headers.get("x-lab-keeper-ahead") ?? keeperAhead);
  const named = headers.get("x-lab-faults");
  if (named === null) return;
  faults.clear();
  for (const name of named.split(",")) if (name !== "none") faults.add(name);
}

function breakable<T extends object>(binding: T, faultOf: (method: string) => Fault | undefined): T {
  return new Proxy(binding, {
    get: (target, name) => {
      const fault = faultOf(String(name));
      if (fault !== undefined && faults.has(fault)) {
        return () => Promise.reject(new Error(`laboratory fault: ${fault}`));
      }
      // A member is called on its owner and never bound: on a stub, `bind` too would be a remote call.
      return (...args: unknown[]) =>
        (target as Record<string | symbol, (...all: unknown[]) => unknown>)[name]?.(...args);
    },
  });
}

/** A stub of a failing object is handed out as usual; it is the call that fails. */
function breakableObjects<T extends DurableObjectNamespace<never>>(namespace: T, fault: Fault): T {
  return new Proxy(namespace, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const call = member.bind(target);
      if (name !== "get" && name !== "getByName") return call;
      return (...args: unknown[]) => breakable(call(...args), () => fault);
    },
  });
}

/** Breaks where the Worker reads its environment, not before. */
function lazyEnv(env: Env): Env {
  return new Proxy(env, { get: (target, name) => Reflect.get(breakableEnv(target), name) });
}

function breakableEnv(env: Env): Env {
  const kvFault = (method: string): Fault | undefined =>
    method === "put" || method === "delete" ? "kv-put" : method.startsWith("get") ? "kv-get" : undefined;
  if (faults.has("env")) throw new Error("laboratory fault: env");
  return {
    ...env,
    KV: breakable<KVNamespace>(env.KV, kvFault),
    KEYS: breakableObjects(env.KEYS as never, "keys"),
    REPLAY: breakableObjects(env.REPLAY as never, "replay"),
  };
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    adjust(request.headers);
    return app().fetch(request, lazyEnv(env), ctx);
  },
  async scheduled(controller: ScheduledController, env: Env, ctx: ExecutionContext): Promise<void> {
    frozen = Math.floor(controller.scheduledTime / 1000);
    await app().scheduled(controller, lazyEnv(env), ctx);
  },
};

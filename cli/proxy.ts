import * as http from "node:http";
import type { Environment } from "../shared/client/environment.ts";

/** Whether the proxy that the environment names is used. */
export type ProxyState = "none" | "used" | "unsupported" | "malformed";

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] as const;

/** Makes `fetch` obey HTTPS_PROXY, HTTP_PROXY and NO_PROXY, where this Node can (24.14, 25.4 and newer). */
export function useProxyFromEnv(env: Environment): ProxyState {
  if (VARIABLES.every((name) => (env[name] ?? "") === "")) return "none";
  // Absent from older versions of Node, whatever the types say; those read NODE_USE_ENV_PROXY themselves (22.21).
  const use: unknown = Reflect.get(http, "setGlobalProxyFromEnv");
  if (typeof use !== "function") return env["NODE_USE_ENV_PROXY"] === "1" ? "used" : "unsupported";
  try {
    use(env);
    return "used";
  } catch {
    return "malformed"; // What it throws holds the value, and that may hold a password.
  }
}

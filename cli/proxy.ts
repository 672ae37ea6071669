import * as http from "node:http";
import type { Environment } from "../shared/client/environment.ts";

/** Whether requests go through the proxy that the environment names. */
export type ProxyState = "none" | "used" | "unsupported" | "malformed";

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] as const;

/** Makes `fetch` use HTTPS_PROXY, HTTP_PROXY and NO_PROXY where this version of Node can (24.14, 25.4 and newer). */
export function useProxyFromEnv(env: Environment): ProxyState {
  if (VARIABLES.every((name) => (env[name] ?? "") === "")) return "none";
  // Older versions of Node do not have it, although the types do. Node 22.21 reads NODE_USE_ENV_PROXY by itself.
  const use: unknown = Reflect.get(http, "setGlobalProxyFromEnv");
  if (typeof use !== "function") return env["NODE_USE_ENV_PROXY"] === "1" ? "used" : "unsupported";
  try {
    use(env);
    return "used";
  } catch {
    return "malformed"; // The error is not used: its message holds the URL, which may hold a password.
  }
}

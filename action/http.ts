import * as http from "node:http";
import * as https from "node:https";
import { getProxyUrl } from "@actions/http-client/lib/proxy";
import type { Answer, Ask, Fetch } from "../shared/client/fetch.ts";

/**
 * `fetch` over Node's own http and https: through the proxy that the runner's environment names, by the rules that all
 * actions share (`https_proxy`, `no_proxy`, never for loopback), and without the start-up time of the global `fetch`.
 */
export const proxiedFetch: Fetch = (url, ask) =>
  new Promise<Answer>((resolve, reject) => {
    const target = new URL(url);
    const request = open(target, options(target, ask));
    request.on("error", reject);
    request.on("response", (response) => resolve(answer(response)));
    request.end(ask.body);
  });

function open(target: URL, options: https.RequestOptions): http.ClientRequest {
  return target.protocol === "https:" ? https.request(target, options) : http.request(target, options);
}

function options(target: URL, ask: Ask): https.RequestOptions {
  const length = ask.body === undefined ? {} : { "content-length": String(Buffer.byteLength(ask.body)) };
  return {
    method: ask.method,
    headers: { ...ask.headers, ...length },
    signal: ask.signal,
    ...agentFor(target),
  };
}

/** Node's agents tunnel https with CONNECT and send plain http in absolute form, if told the proxy. */
function agentFor(target: URL): { agent?: http.Agent } {
  const proxy = getProxyUrl(target);
  if (proxy === undefined) return {};
  return target.protocol === "https:"
    ? { agent: new https.Agent({ proxyEnv: { HTTPS_PROXY: proxy.href } }) }
    : { agent: new http.Agent({ proxyEnv: { HTTP_PROXY: proxy.href } }) };
}

function answer(response: http.IncomingMessage): Answer {
  return {
    status: response.statusCode ?? 0,
    headers: { get: (name) => response.headers[name.toLowerCase()]?.toString() ?? null },
    body: response,
  };
}

import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { World } from "./world.ts";

/** What an application behind the gateway, or the gateway itself, answered. */
export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** Calls the application as a job does: at its own host, with an SVID, or as a stranger without one. */
export function callApplication({ exchange, application }: World, svid?: string): Promise<Answered> {
  const { hostname, port } = new URL(exchange);
  const authorization = svid === undefined ? {} : { authorization: `Bearer ${svid}` };
  // `fetch` lets nobody choose the Host, and not every system knows the names below localhost.
  return new Promise((resolve, reject) => {
    const headers = { host: application.host, ...authorization };
    const request = httpRequest({ hostname, port, path: "/", headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) });
    });
    request.on("error", reject);
    request.end();
  });
}

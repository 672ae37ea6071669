import type { Application } from "../../shared/trust/model/application.ts";
import type { Target } from "./application-request.ts";
import type { Pass } from "./pass.ts";
import { takeOff } from "./taken-off.ts";

/** What the gateway knows of a request, for the application. */
interface OriginRequestInput {
  readonly application: Application;
  readonly target: Target;
  readonly pass: Pass;
  readonly requestId: string;
}

/** The request as the origin gets it: method and body as they came, the caller's headers less some, ours put on. */
export function originRequest(
  request: Request,
  { application, target, pass, requestId }: OriginRequestInput,
): Request {
  // Made from the request itself, so that a GET with a body, which Elasticsearch takes, keeps it.
  const outgoing = new Request(target.url, request);
  const { headers } = outgoing;
  const isUpgrade = isWebSocket(request);
  takeOff(headers, application.ownHeaders);
  if (isUpgrade) headers.set("upgrade", "websocket");
  for (const [name, value] of pass.headers) headers.append(name, value);
  const address = headers.get("cf-connecting-ip");
  if (address !== null) headers.set("x-forwarded-for", address);
  headers.set("x-forwarded-host", application.host);
  headers.set("x-forwarded-proto", target.base.startsWith("https:") ? "https" : "http");
  headers.set("x-request-id", requestId);
  return outgoing;
}

/** RFC 6455 §4.1. */
export function isWebSocket({ headers }: Request): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}

import type { Path } from "../../shape.ts";
import type { OriginEntry } from "../document/application-shape.ts";
import { ORIGIN_BINDINGS, type Origin } from "../model/application.ts";
import { errorAt, type Report } from "../model/problem.ts";
import type { OwnHosts } from "./application-host.ts";
import { fetchedUrlProblem } from "./issuer-url.ts";

const ADVICE = {
  notEncrypted: "write {vpc: NAME, url: …} for an application in a private network",
  notPublic: "write {vpc: NAME, url: …}",
};

/** Compiles where the requests for an application go. @returns `undefined` where anything in it was reported. */
export function compileOrigin(
  entry: OriginEntry,
  host: string,
  ownHosts: OwnHosts,
  at: Path,
  report: Report,
): Origin | undefined {
  if (typeof entry === "string") return publicOrigin(entry, at);
  const [kind, ...others] = ORIGIN_BINDINGS.filter((one) => entry[one] !== undefined);
  const name = kind === undefined ? undefined : entry[kind];
  if (kind === undefined || name === undefined || others.length > 0) {
    return refuse(at, "the origin has no binding, or several; write one of service, vpc and certificate");
  }
  const binding = { kind, name };
  if (kind === "service") {
    if (entry.url === undefined) return { url: `https://${host}`, binding };
    return refuse([...at, "url"], "the service itself answers the requests; remove url");
  }
  const url = entry.url ?? (kind === "vpc" ? `http://${host}` : undefined);
  if (url === undefined) return refuse(at, "the certificate has no address; add url: https://…");
  const origin = kind === "vpc" ? privateOrigin(url) : publicOrigin(url, [...at, "url"]);
  return origin && { ...origin, binding };

  function publicOrigin(url: string, path: Path): Origin | undefined {
    const problem = fetchedUrlProblem(url, ADVICE);
    if (problem !== undefined) return refuse(path, `the origin ${problem}`);
    if (!ownHosts.has(new URL(url).host)) return bareOrigin(url, path);
    return refuse(path, `this Worker itself answers at ${url}; write the address of the application`);
  }

  function privateOrigin(url: string): Origin | undefined {
    const path = [...at, "url"];
    return URL.canParse(url)
      ? bareOrigin(url, path)
      : refuse(path, "the origin is not a URL; write one such as http://grafana.internal:3000");
  }

  function bareOrigin(url: string, path: Path): Origin | undefined {
    const { origin } = new URL(url);
    return url === origin
      ? { url }
      : refuse(path, `the origin is more than a scheme, a host and a port; write ${origin}`);
  }

  function refuse(path: Path, message: string): undefined {
    report(errorAt(path, "origin", message));
  }
}

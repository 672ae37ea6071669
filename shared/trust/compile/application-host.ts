import type { Path } from "../../shape.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { writtenTexts } from "./written-texts.ts";

/** Hosts at which this Worker answers. */
export type OwnHosts = ReadonlySet<string>;

/** Every host that the document writes, also of an entry that was refused, and the exchange's own. */
export function ownHosts(entries: readonly unknown[], ownIssuer: string | undefined): OwnHosts {
  return new Set([...writtenTexts(entries, "host"), ...hostOf(ownIssuer)]);
}

/** Refuses a host that no request has as its `Host`, and the host of the exchange itself. */
export function checkHost(host: string, ownIssuer: string | undefined, at: Path, report: Report): void {
  const problem = hostProblem(host, ownIssuer);
  if (problem !== undefined) report(errorAt(at, "application-host", problem));
}

function hostProblem(host: string, ownIssuer: string | undefined): string | undefined {
  const address = `https://${host}`;
  if (!URL.canParse(address)) return `${host} is not a host; write one such as app.example.org`;
  const canonical = new URL(address).host;
  if (canonical !== host) return `no request has the host ${host}; write ${canonical}`;
  return hostOf(ownIssuer).includes(host)
    ? "the exchange itself answers at this host; write a host of the application's own"
    : undefined;
}

function hostOf(address: string | undefined): readonly string[] {
  return address !== undefined && URL.canParse(address) ? [new URL(address).host] : [];
}

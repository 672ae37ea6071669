import type { Path } from "../../shape.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import type { SvidAlgorithm } from "../../svid.ts";
import { type ApplicationEntry, applicationShape } from "../document/application-shape.ts";
import type { Application } from "../model/application.ts";
import { ASSERTION_HEADER, foldedHeaderName } from "../model/header.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { Policy } from "../model/policy.ts";
import type { Report } from "../model/problem.ts";
import { checkAudiences } from "./application-audience.ts";
import { compileHeaders } from "./application-header.ts";
import { checkHost, type OwnHosts, ownHosts } from "./application-host.ts";
import { compileRule } from "./application-rule.ts";
import { compileAssertion } from "./assertion-form.ts";
import { checkHeaderSet } from "./header-set.ts";
import { compileOrigin } from "./origin.ts";
import { type ApplicationParsers, createApplicationParsers } from "./parsers.ts";
import { unique } from "./unique.ts";

/** What applications take from the rest of the document. */
export interface ApplicationContext {
  readonly trustDomain: TrustDomain;
  /** Our own `iss`; absent where it was refused. */
  readonly ownIssuer: string | undefined;
  /** By id. */
  readonly issuers: ReadonlyMap<string, AllowedIssuer>;
  readonly policies: readonly Policy[];
  readonly algorithm: SvidAlgorithm;
  /** Those that the exchange has keys for. */
  readonly algorithms: readonly SvidAlgorithm[];
}

/** @returns the applications that are good, after reporting what is wrong with the others. */
export function compileApplications(
  entries: readonly unknown[],
  context: ApplicationContext,
  report: Report,
): readonly Application[] {
  if (entries.length === 0) return [];
  const once = { name: unique("name", report), host: unique("host", report) };
  const parsers = createApplicationParsers(context.trustDomain);
  const own = ownHosts(entries, context.ownIssuer);
  const applications = entries.flatMap((input, position) => {
    const at = ["applications", position];
    const entry = applicationShape.read(input, at, report);
    if (entry === undefined) return [];
    once.name(entry.name, [...at, "name"]);
    once.host(entry.host, [...at, "host"]);
    return compileApplication(entry, position, { ...context, parsers, own }, report) ?? [];
  });
  checkAudiences(applications, context, report);
  return applications;
}

interface Context extends ApplicationContext {
  readonly parsers: ApplicationParsers;
  readonly own: OwnHosts;
}

/** @returns the application, or `undefined` where anything in it was reported. */
function compileApplication(
  entry: ApplicationEntry,
  position: number,
  context: Context,
  report: Report,
): Application | undefined {
  const at: Path = ["applications", position];
  let good = true;
  const refuse: Report = (problem) => {
    good = false;
    report(problem);
  };
  const { name, host } = entry;
  checkHost(host, context.ownIssuer, [...at, "host"], refuse);
  const origin = compileOrigin(entry.origin, host, context.own, [...at, "origin"], refuse);
  const rules = entry.rules.map((rule, index) =>
    compileRule(rule, context.parsers, [...at, "rules", index], refuse),
  );
  const { header, form } = compileAssertion(entry, origin, context, [...at, "assertion"], refuse);
  const rewritten = compileHeaders(
    entry.rewrite?.headers ?? [],
    context.parsers,
    [...at, "rewrite", "headers"],
    refuse,
  );
  const headers = header === undefined ? rewritten : [header, ...rewritten];
  checkHeaderSet({ own: header, rewritten }, rules, at, refuse);
  if (!good || origin === undefined || form === undefined) return undefined;
  return {
    name,
    position,
    host,
    origin,
    audience: entry.audience ?? `https://${host}`,
    accept: new Set(entry.accept ?? ["svid"]),
    rules,
    assertion: form,
    headers,
    ownHeaders: new Set([ASSERTION_HEADER, ...headers.map((one) => one.name)].map(foldedHeaderName)),
    websocketLimit: entry.websocketLimit ?? "none",
  };
}

import type { Application, HeaderTemplate, ORIGIN_BINDINGS } from "../model/application.ts";
import type { Problem } from "../model/problem.ts";
import { isPlaceholder } from "../model/template.ts";
import { type ApplicationLint, applicationPath, rulePath } from "./application-subject.ts";
import { note, warning } from "./finding.ts";

/** Lints of how an application learns who called. */

/** The table of `wrangler.toml` for each kind of binding. */
const TABLES = {
  service: "[[services]]",
  vpc: "[[vpc_services]]",
  certificate: "[[mtls_certificates]]",
} as const satisfies Record<(typeof ORIGIN_BINDINGS)[number], string>;

/** @param bindings those of the Worker, as far as its configuration shows. */
export function unboundOrigin(application: Application, bindings: ReadonlySet<string>): readonly Problem[] {
  const { binding } = application.origin;
  if (binding === undefined || bindings.has(binding.name)) return [];
  const message = `wrangler's configuration has no binding ${binding.name}, so that the gateway answers origin_not_bound; add it there under ${TABLES[binding.kind]}`;
  return [warning(applicationPath(application, "origin", binding.kind), "unbound-origin", message)];
}

/** An origin without a binding is open to everybody who knows its address. */
export const originPassedBy: ApplicationLint = (application) => {
  if (application.origin.binding !== undefined) return [];
  const at = applicationPath(application, "origin");
  const bare = application.headers.find(isBare);
  const reach = "whoever knows the origin's address can send requests past the gateway";
  const bind = "use {certificate, url}, {vpc} or {service}";
  return bare === undefined
    ? [note(at, "origin-passed-by", `${reach}; have the application verify the assertion, or ${bind}`)]
    : [warning(at, "origin-passed-by", `${reach}, with any value of ${bare.name}; ${bind}`)];
};

/** A header that says something of the caller without a signature. */
function isBare({ parts }: HeaderTemplate): boolean {
  const kinds = parts.filter(isPlaceholder).map(({ attribute }) => attribute.kind);
  return kinds.length > 0 && !kinds.includes("assertion");
}

export const emptyRoles: ApplicationLint = (application) => {
  const { assertion, rules } = application;
  if (!assertion.claims.startsWith("roles")) return [];
  const message =
    "the assertion has an empty list of roles, for which many applications have a default role; write roles, or claims: none";
  return rules.flatMap(({ roles }, index) =>
    roles.length > 0 ? [] : [note(rulePath(application, index), "empty-roles", message)],
  );
};

/** Applications take 8 to 16 KiB of headers in all. */
export const assertionInTwoHeaders: ApplicationLint = (application) => {
  const carriers = application.headers.filter(carriesAssertion).map(({ name }) => name);
  if (carriers.length < 2) return [];
  const message = `${carriers.join(" and ")} carry the assertion, and many applications take little more than 8 KiB of headers; write assertion: {header: none} if the application reads the other`;
  return [note(headersPath(application), "assertion-in-two-headers", message)];
};

function carriesAssertion({ parts }: HeaderTemplate): boolean {
  return parts.some((part) => isPlaceholder(part) && part.attribute.kind === "assertion");
}

function headersPath(application: Application) {
  return applicationPath(application, "rewrite", "headers");
}

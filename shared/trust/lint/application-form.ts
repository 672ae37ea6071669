import type { Application, HeaderTemplate } from "../model/application.ts";
import { isPlaceholder } from "../model/template.ts";
import { type ApplicationLint, applicationPath } from "./application-subject.ts";
import { note, warning } from "./finding.ts";

/** Lints of how an application learns who called. */

/** An origin without a binding is open to everybody who knows its address. */
export const originPassedBy: ApplicationLint = ({ application }) => {
  if (application.origin.binding !== undefined) return [];
  const at = applicationPath(application, "origin");
  const bare = application.headers.find(isBare);
  const reach = "whoever knows the origin's address can send requests past the gateway";
  const bind = "use {certificate, url}, {vpc} or {service}";
  return bare === undefined
    ? [note(at, "origin-passed-by", `${reach}; have the application verify the assertion, or ${bind}`)]
    : [warning(at, "origin-passed-by", `${reach}, and write ${bare.name} themselves; ${bind}`)];
};

/** A header that says something of the caller without a signature. */
function isBare({ parts }: HeaderTemplate): boolean {
  const kinds = parts.filter(isPlaceholder).map(({ attribute }) => attribute.kind);
  return kinds.length > 0 && !kinds.includes("assertion");
}

export const emptyRoles: ApplicationLint = ({ application, rules }) => {
  if (!application.assertion.claims.startsWith("roles")) return [];
  const message =
    "the assertion has an empty list of roles, for which many applications have a default role; write roles, or claims: none";
  return rules.flatMap(({ rule, at }) => (rule.roles.length > 0 ? [] : [note(at, "empty-roles", message)]));
};

/** Applications take 8 to 16 KiB of headers in all. */
export const assertionInTwoHeaders: ApplicationLint = ({ application }) => {
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

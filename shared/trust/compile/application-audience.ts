import type { Application } from "../model/application.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { Policy } from "../model/policy.ts";
import { errorAt, type Report } from "../model/problem.ts";

interface Document {
  /** By id. */
  readonly issuers: ReadonlyMap<string, AllowedIssuer>;
  readonly policies: readonly Policy[];
}

/**
 * Refuses audiences by which a token would be good at a second place. An assertion is signed with the keys of SVIDs:
 * with the audience of a service, an application could use it there in the name of its caller.
 */
export function checkAudiences(
  applications: readonly Application[],
  { issuers, policies }: Document,
  report: Report,
): void {
  const ofSvids = new Set(policies.flatMap(({ audiences }) => audiences.map(({ audience }) => audience)));
  const ofCallers = new Set(applications.map(({ audience }) => audience));
  const ofExchange = new Set(Array.from(issuers.values(), ({ audience }) => audience));
  for (const { position, audience, assertion, accept } of applications) {
    const at = ["applications", position];
    if (ofCallers.has(assertion.audience) || ofSvids.has(assertion.audience)) {
      const message = `SVIDs have the audience ${assertion.audience}, so that the application could use the assertion as an SVID of its caller; write another audience`;
      report(errorAt([...at, "assertion", "audience"], "application-audience", message));
    }
    if (accept.has("id-token") && ofExchange.has(audience)) {
      const message = `ID tokens for the exchange have the audience ${audience}, so that one token would be good for both; write another audience`;
      report(errorAt([...at, "audience"], "application-audience", message));
    }
  }
}

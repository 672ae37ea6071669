import type { Problem } from "../model/problem.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { impossibleRules, uncalledApplication } from "./application-callers.ts";
import { assertionInTwoHeaders, emptyRoles, originPassedBy, unboundOrigin } from "./application-form.ts";
import { type ApplicationLint, applicationPath, applicationSubject } from "./application-subject.ts";
import { missingInHeaders, missingInRules } from "./application-values.ts";
import { policiesByAudience } from "./callers.ts";
import { warning } from "./finding.ts";
import { shadowedRules } from "./shadowed-rule.ts";

/** The lints of one application alone, in the order of what they find. */
const APPLICATION_LINTS: readonly ApplicationLint[] = [
  originPassedBy,
  uncalledApplication,
  impossibleRules,
  shadowedRules,
  emptyRoles,
  missingInRules,
  assertionInTwoHeaders,
  missingInHeaders,
];

/** Lints of `applications`. */
export function applicationLints(
  config: TrustConfig,
  { bindings }: { readonly bindings?: ReadonlySet<string> },
): readonly Problem[] {
  if (config.applications.size === 0) return [];
  const callers = policiesByAudience(config);
  const alone = [...config.applications.values()].flatMap((application) => {
    const subject = applicationSubject(application, callers.get(application.audience) ?? []);
    return [
      ...(bindings === undefined ? [] : unboundOrigin(application, bindings)),
      ...APPLICATION_LINTS.flatMap((lint) => lint(subject)),
    ];
  });
  return [...alone, ...sharedAudiences(config)];
}

/** Applications that take the assertions of one another. */
function sharedAudiences({ applications }: TrustConfig): readonly Problem[] {
  const owners = new Map<string, string>();
  return [...applications.values()].flatMap((application) => {
    const { audience } = application.assertion;
    const owner = owners.get(audience);
    owners.set(audience, owner ?? application.name);
    if (owner === undefined) return [];
    const message = `${owner} has the same assertion.audience, so that each of the two could use its assertions at the other; write another audience`;
    return [warning(applicationPath(application, "assertion"), "shared-assertion-audience", message)];
  });
}

import type { Application } from "../model/application.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { impossibleRules, uncalledApplication } from "./application-callers.ts";
import { assertionInTwoHeaders, emptyRoles, originPassedBy, unboundOrigin } from "./application-form.ts";
import {
  type ApplicationLint,
  applicationPath,
  type CallerLint,
  callerSubject,
} from "./application-subject.ts";
import { missingInHeaders, missingInRules, missingTraits } from "./application-values.ts";
import { policiesByAudience } from "./callers.ts";
import { warning } from "./finding.ts";
import { shadowedRules } from "./shadowed-rule.ts";

/** What an application's entry alone shows. */
const FORM_LINTS: readonly ApplicationLint[] = [
  originPassedBy,
  shadowedRules,
  emptyRoles,
  assertionInTwoHeaders,
  missingTraits,
];

/** What the policies that grant SVIDs for an application show. */
const CALLER_LINTS: readonly CallerLint[] = [
  uncalledApplication,
  impossibleRules,
  missingInRules,
  missingInHeaders,
];

/** Pairs of a rule and a policy that are compared at most: a bound on the time for documents of many of both. */
const MAX_PAIRS = 200_000;

/** Lints of `applications`. */
export function applicationLints(
  config: TrustConfig,
  { bindings }: { readonly bindings?: ReadonlySet<string> },
): readonly Problem[] {
  if (config.applications.size === 0) return [];
  const policies = policiesByAudience(config);
  let pairs = 0;
  const alone = [...config.applications.values()].flatMap((application) => {
    const callers = policies.get(application.audience) ?? [];
    pairs += application.rules.length * callers.length;
    return [
      ...(bindings === undefined ? [] : unboundOrigin(application, bindings)),
      ...FORM_LINTS.flatMap((lint) => lint(application)),
      ...(pairs > MAX_PAIRS ? [] : callerProblems(application, callers)),
    ];
  });
  return [...alone, ...sharedAudiences(config)];
}

function callerProblems(application: Application, callers: readonly Policy[]): readonly Problem[] {
  const subject = callerSubject(application, callers);
  return CALLER_LINTS.flatMap((lint) => lint(subject));
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

import type { Failure } from "../outcome.ts";
import type { TokenOrigin } from "../subject-token/origin.ts";

/** What happened to the only token of a job. The job alone can do something about it. */
const SPENT: Readonly<Record<string, string>> = {
  token_expired: "has expired, and this CI system does not renew it",
  token_replayed: "was exchanged before, and this exchange accepts it once for each audience",
};

/** Adds what to do where the exchange refused a token that cannot be renewed. */
export function adviseOnSpentToken(failure: Failure, { name, renewable }: TokenOrigin): Failure {
  const spent = SPENT[failure.code];
  if (renewable || spent === undefined) return failure;
  const next = [
    `The ID token in ${name} ${spent}.`,
    "Finish the work while the SVID is valid (the ttl of a policy may be up to 1h), or start another job, or",
    "declare another ID token in the job, and give --token-env its name.",
  ];
  return { ...failure, next: [...next, ...failure.next] };
}

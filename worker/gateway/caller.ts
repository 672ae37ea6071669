import type { Denial } from "../../shared/denial.ts";
import type { Result } from "../../shared/result.ts";
import { peek } from "../../shared/subject-token/peek.ts";
import type { Application, CallerToken } from "../../shared/trust/model/application.ts";
import type { SvidAttributes } from "../../shared/trust/model/svid-attributes.ts";
import type { Moment } from "../moment.ts";
import type { TrustInForce } from "../trust/trust-in-force.ts";

/** Who calls, verified. */
export interface Caller {
  readonly attributes: SvidAttributes;
  readonly token: CallerToken;
  /** The token's `jti`, where it has one. */
  readonly jti: string | undefined;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** What a caller's token is judged for. */
export interface CallerContext extends Moment {
  readonly trust: TrustInForce;
  readonly application: Application;
}

/** Judges one kind of token. */
export type VerifyCaller = (token: string, context: CallerContext) => Promise<Result<Caller, Denial>>;

/** Verifies a caller's token: our SVID, or where the application accepts it, the ID token of its CI provider. */
export function createVerifyCaller(judges: Readonly<Record<CallerToken, VerifyCaller>>): VerifyCaller {
  return (token, context) => judges[kindOf(token, context)](token, context);
}

/** Where both kinds are accepted, the unverified issuer tells one from the other, and nothing more. */
function kindOf(token: string, { trust, application: { accept } }: CallerContext): CallerToken {
  if (!accept.has("id-token")) return "svid";
  if (!accept.has("svid")) return "id-token";
  const peeked = peek(token);
  return peeked.ok && peeked.value.issuer !== trust.config.issuer ? "id-token" : "svid";
}

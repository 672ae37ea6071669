import { type AssertionGrant, headerValue } from "../../shared/assertion.ts";
import type { Denial } from "../../shared/denial.ts";
import { ok, type Result } from "../../shared/result.ts";
import { decideApplication } from "../../shared/trust/decide/application.ts";
import { foldedHeaderName } from "../../shared/trust/model/header.ts";
import type { SigningKeys } from "../signing/isolate/signing-keys.ts";
import type { SignedJwt } from "../signing/sign.ts";
import { assertCaller } from "./assertion.ts";
import type { Caller, CallerContext, VerifyCaller } from "./caller.ts";

/** What a token gives its bearer at one application: decided and signed once, and used for many requests. */
export interface Pass {
  readonly caller: Caller;
  readonly grant: AssertionGrant;
  readonly assertion: Omit<SignedJwt, "token">;
  /** What the request gets, with the assertion in its places. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The headers that hold the assertion, by their folded names. */
  readonly carriers: ReadonlySet<string>;
  /** Unix seconds, as is `freshUntil`: half of the assertion's life. */
  readonly madeAt: number;
  readonly freshUntil: number;
}

/** What the log says of a request, also of one that is refused: each step sets what it has proved. */
export interface AccessTrail {
  /** Lower-case hex of the SHA-256 of the caller's token as it came. */
  tokenHash?: string;
  caller?: Caller;
  pass?: Pass;
}

export interface PassContext extends CallerContext {
  readonly trail: AccessTrail;
}

export interface PassParts {
  readonly verifyCaller: VerifyCaller;
  readonly signingKeys: Pick<SigningKeys, "signer">;
}

/** Makes a pass: verifies the caller, decides by the rules of the application, and asserts who calls. */
export async function makePass(
  token: string,
  context: PassContext,
  { verifyCaller, signingKeys }: PassParts,
): Promise<Result<Pass, Denial>> {
  const { trust, application, now } = context;
  const caller = await verifyCaller(token, context);
  if (!caller.ok) return caller;
  context.trail.caller = caller.value;
  const grant = decideApplication(application, caller.value.attributes);
  if (!grant.ok) return grant;
  const signer = await signingKeys.signer(grant.value.algorithm, trust.config.keys, context);
  if (!signer.ok) return signer;
  const { issuer } = trust.config;
  const { expiresAt: callerExpiresAt } = caller.value;
  const { token: jwt, ...assertion } = await assertCaller({
    grant: grant.value,
    signer: signer.value,
    issuer,
    callerExpiresAt,
    now,
  });
  return ok({
    caller: caller.value,
    grant: grant.value,
    assertion,
    headers: grant.value.headers.map((line) => [line.name, headerValue(line, jwt)]),
    carriers: carriersOf(grant.value),
    madeAt: now,
    freshUntil: now + (assertion.exp - now) / 2,
  });
}

function carriersOf({ headers }: AssertionGrant): ReadonlySet<string> {
  const carrying = headers.filter(({ texts }) => texts.length > 1);
  return new Set(carrying.map(({ name }) => foldedHeaderName(name)));
}

import type { DenialCode } from "../../denial.ts";
import type { JsonObject } from "../../json.ts";
import type { SpiffeId } from "../../spiffe-id.ts";
import type { SvidAlgorithm } from "../../svid.ts";

/** One of the document's own tests. */
export type DocumentTest = PolicyTest | ApplicationTest;

/** A job of one issuer, by the claims of its token. */
export interface TestedJob {
  /** The id of the token's issuer. */
  readonly issuer: string;
  /** The typical token to start from. Without one, `claims` is all that a policy sees. */
  readonly fixture?: string;
  /** Claims of the token. They replace those of the fixture; null removes one. */
  readonly claims?: JsonObject;
  /** The policy that the job's request names. */
  readonly policy?: string;
}

/** A job, a request, and the decision of the policies that must come of it. */
export interface PolicyTest extends TestedJob {
  readonly name: string;
  readonly audience?: string;
  readonly expect: Expectation;
}

/** Either `denied`, or any members of the grant. */
export interface Expectation {
  readonly denied?: DenialCode;
  readonly policy?: string;
  readonly spiffeId?: string;
  readonly audience?: string;
  readonly algorithm?: SvidAlgorithm;
  /** Seconds. */
  readonly ttl?: number;
  readonly claims?: unknown;
}

/** A caller of an application, and the decision that must come of it. */
export interface ApplicationTest {
  readonly name: string;
  readonly application: string;
  /** A job that gets an SVID for the application by the policies, or an SVID, wherever it is from. */
  readonly caller: TestedJob | TestedSvid;
  readonly expect: AssertionExpectation;
}

export interface TestedSvid {
  readonly spiffeId: SpiffeId;
  readonly claims: JsonObject;
}

/** Either `denied`, or any members of what the application is told. */
export interface AssertionExpectation {
  readonly denied?: DenialCode;
  readonly roles?: readonly string[];
  readonly traits?: unknown;
  readonly username?: string;
  /** Values by the name of a header, with `{{ internal.jwt }}` for the assertion. Other headers may be there as well. */
  readonly headers?: readonly (readonly [string, readonly string[]])[];
}

export function isApplicationTest(test: DocumentTest): test is ApplicationTest {
  return "application" in test;
}

export function isSvid(caller: ApplicationTest["caller"]): caller is TestedSvid {
  return "spiffeId" in caller;
}

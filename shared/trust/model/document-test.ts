import type { DenialCode } from "../../denial.ts";
import type { JsonObject } from "../../json.ts";
import type { SvidAlgorithm } from "../../svid.ts";

/** One of the document's own tests: a token of one issuer, a request, and the decision that must come of it. */
export interface DocumentTest {
  readonly name: string;
  /** The id of the token's issuer. */
  readonly issuer: string;
  /** The typical token to start from. Without one, `claims` is all that a policy sees. */
  readonly fixture?: string;
  /** Claims of the token. They replace those of the fixture; null removes one. */
  readonly claims?: JsonObject;
  readonly policy?: string;
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

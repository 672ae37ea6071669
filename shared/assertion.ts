import type { JsonObject } from "./json.ts";
import type { SpiffeId } from "./spiffe-id.ts";
import type { SvidAlgorithm } from "./svid.ts";

/** What the gateway tells an application about one caller: everything that depends on neither the clock nor a key. */
export interface AssertionGrant {
  /** The name of the application. */
  readonly application: string;
  /** The index of the rule that matched. */
  readonly rule: number;
  readonly spiffeId: SpiffeId;
  /** The assertion's `sub`. */
  readonly username: string;
  readonly roles: readonly string[];
  readonly traits: Readonly<Record<string, readonly string[]>>;
  /** The assertion's `aud`. */
  readonly audience: string;
  readonly algorithm: SvidAlgorithm;
  readonly ttlSeconds: number;
  /** `username`, `spiffe_id`, and `roles` and `traits` where the application wants them. No registered claim is among them. */
  readonly claims: JsonObject;
  /** The header of the assertion, and those of `rewrite`, in the order of the document. */
  readonly headers: readonly HeaderLine[];
}

/** One header of a request to an application. A name may be there several times: once for each value of a trait. */
export interface HeaderLine {
  readonly name: string;
  /** The texts between which the assertion stands: one text where the value is without it. */
  readonly texts: readonly string[];
}

/** The value of a header, with the assertion in its places. */
export function headerValue({ texts }: HeaderLine, assertion: string): string {
  return texts.join(assertion);
}

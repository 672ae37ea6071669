import type { JsonObject } from "../../json.ts";
import type { IssuerType } from "../model/issuer.ts";

/** The claims of a typical token: what the provider mints for one kind of event, usual or hostile. */
export interface Fixture {
  readonly type: IssuerType;
  /** One line for people who look for the right fixture. */
  readonly about: string;
  /** What differs from the provider's plain push. `null` takes a claim away. */
  readonly claims: JsonObject;
}

/** A claim as text; empty where there is none. */
export function text(claims: JsonObject, name: string): string {
  return String(claims[name] ?? "");
}

import type { SvidAlgorithm } from "../../svid.ts";
import type { Condition } from "./condition.ts";
import type { HeaderAttribute, SvidAttribute } from "./svid-attribute.ts";
import type { TemplatePart } from "./template.ts";

/** What a caller may show: our SVID, or the ID token of its CI provider. */
export const CALLER_TOKENS = ["svid", "id-token"] as const;
export type CallerToken = (typeof CALLER_TOKENS)[number];

/** Which lists of the rule that matched are claims of the assertion. */
export const ASSERTION_CLAIMS = ["roles-and-traits", "roles", "traits", "none"] as const;
export type AssertionClaims = (typeof ASSERTION_CLAIMS)[number];

export const WEBSOCKET_LIMITS = ["none", "assertion"] as const;
export type WebsocketLimit = (typeof WEBSOCKET_LIMITS)[number];

export const ORIGIN_BINDINGS = ["service", "vpc", "certificate"] as const;

/** An application behind the gateway, compiled. Immutable; made only by `compileApplications`. */
export interface Application {
  readonly name: string;
  /** Its index in the document. */
  readonly position: number;
  /** The exact `Host` of its requests, lower case, with the port where it is not the scheme's own. */
  readonly host: string;
  readonly origin: Origin;
  /** What `aud` of the caller's token must be. */
  readonly audience: string;
  readonly accept: ReadonlySet<CallerToken>;
  /** In their order: the first that matches decides. */
  readonly rules: readonly ApplicationRule[];
  readonly assertion: AssertionForm;
  /** The header that carries the assertion, where one is of its own, and then those of `rewrite`. */
  readonly headers: readonly HeaderTemplate[];
  /** Headers, by their folded names, that the application gets from the gateway alone: the caller's never pass. */
  readonly ownHeaders: ReadonlySet<string>;
  /** `assertion`: a WebSocket is closed when the assertion expires. */
  readonly websocketLimit: WebsocketLimit;
}

/** Where requests go: `scheme://host[:port]`, through a binding of `wrangler.toml` where there is one. */
export interface Origin {
  readonly url: string;
  readonly binding?: { readonly kind: (typeof ORIGIN_BINDINGS)[number]; readonly name: string };
}

export interface ApplicationRule {
  /** All must hold. */
  readonly match: readonly Condition<SvidAttribute>[];
  readonly roles: readonly SvidTemplate[];
  readonly traits: readonly TraitTemplate[];
  readonly username: SvidTemplate;
}

/** A text of the caller's values. One placeholder alone, without a filter, gives a text for each element of a list. */
export type SvidTemplate = readonly TemplatePart<SvidAttribute>[];

export interface TraitTemplate {
  readonly name: string;
  readonly values: readonly SvidTemplate[];
}

/** What every assertion for an application has in common. */
export interface AssertionForm {
  /** The assertion's `aud`. */
  readonly audience: string;
  readonly algorithm: SvidAlgorithm;
  readonly ttlSeconds: number;
  readonly claims: AssertionClaims;
}

export interface HeaderTemplate {
  readonly name: string;
  /** Its index in `rewrite.headers`; absent: it is that of `assertion`. */
  readonly position?: number;
  /** At most one of the placeholders is a trait: the header is there once for each of its values. */
  readonly parts: readonly TemplatePart<HeaderAttribute>[];
}

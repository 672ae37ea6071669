import type { TrustDomain } from "../../spiffe-id.ts";
import type { SvidAlgorithm } from "../../svid.ts";
import type { Application } from "./application.ts";
import type { AllowedIssuer } from "./issuer.ts";
import type { Policy } from "./policy.ts";
import type { PolicyIndex } from "./policy-index.ts";

/**
 * What a caller is told of why no policy grants it an SVID. `own`: what the policies of its own tenant say; `none`: not
 * more than that it is refused.
 */
export const DENIAL_MODES = ["own", "none"] as const;
export type DenialMode = (typeof DENIAL_MODES)[number];

/** A trust document, compiled: immutable, complete, ready to decide. Made only by `compileTrust`. */
export interface TrustConfig {
  /** Our own `iss`. */
  readonly issuer: string;
  /** Of every SPIFFE ID that is minted. */
  readonly trustDomain: TrustDomain;
  readonly keys: {
    readonly rotateEverySeconds: number;
    readonly algorithms: readonly SvidAlgorithm[];
    /** By `kid`. */
    readonly revoked: ReadonlySet<string>;
  };
  readonly denials: DenialMode;
  /** By exact `iss`. */
  readonly issuers: ReadonlyMap<string, AllowedIssuer>;
  /** By the id of the issuer. */
  readonly policies: ReadonlyMap<string, PolicyIndex>;
  /** By exact `Host`, in the order of the document. */
  readonly applications: ReadonlyMap<string, Application>;
}

/** Every policy, in the order of the document. */
export function policiesOf(config: TrustConfig): readonly Policy[] {
  const all = [...config.policies.values()].flatMap(({ policies }) => policies);
  return all.sort((left, right) => left.position - right.position);
}

/** The allowed issuers by the id that policies and tests use. */
export function issuersById(config: TrustConfig): ReadonlyMap<string, AllowedIssuer> {
  return new Map(Array.from(config.issuers.values(), (issuer) => [issuer.id, issuer]));
}

export function applicationNamed(config: TrustConfig, name: string): Application | undefined {
  return [...config.applications.values()].find((application) => application.name === name);
}

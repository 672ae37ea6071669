import type { TrustDomain } from "../../spiffe-id.ts";
import type { SvidAlgorithm } from "../../svid.ts";
import type { Application } from "./application.ts";
import type { AllowedIssuer } from "./issuer.ts";
import type { Policy } from "./policy.ts";
import type { PolicyIndex } from "./policy-index.ts";

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

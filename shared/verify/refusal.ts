/** Why a JWT-SVID is refused. The set is closed, the codes are stable, and no reason holds anything of the SVID. */
export const SVID_REFUSAL_CODES = [
  /** Not a JWT in compact serialisation (JWT-SVID §1, RFC 7515 §7.1). */
  "malformed",
  /** A header parameter other than the three of JWT-SVID §2, or one of these with a value that is not allowed. */
  "header_refused",
  /** An algorithm that no JWT-SVID has (JWT-SVID §2.1). */
  "algorithm_refused",
  /** No usable key has the `kid` of the header. */
  "key_not_published",
  /** The key of that `kid` is for another algorithm, or the runtime cannot use it. */
  "key_unfit",
  "signature_invalid",
  // The claim is missing though it must be there, or has another type or value than is expected.
  "claim_sub",
  "claim_aud",
  "claim_exp",
  "claim_nbf",
  "claim_iat",
  "claim_iss",
  /** `sub` is not the SPIFFE ID of a workload (JWT-SVID §3.1). */
  "not_a_spiffe_id",
  "trust_domain_differs",
  "expired",
] as const;

export type SvidRefusalCode = (typeof SVID_REFUSAL_CODES)[number];

export interface SvidRefusal {
  readonly code: SvidRefusalCode;
  /** Continues a sentence whose subject is the SVID: "has no aud". */
  readonly what: string;
}

export function refuse(code: SvidRefusalCode, what: string): SvidRefusal {
  return { code, what };
}

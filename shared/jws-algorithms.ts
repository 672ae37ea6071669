import { type Denial, deny } from "./denial.ts";
import { err, ok, type Result } from "./result.ts";
import type { AllowedIssuer } from "./trust/model/issuer.ts";

/** What WebCrypto needs for one JWS algorithm, and which keys are of its kind (RFC 7518 §3.1, RFC 8037, RFC 9864). */
export interface JwsAlgorithm {
  readonly name: string;
  readonly kty: "RSA" | "EC" | "OKP";
  readonly crv?: string;
  /** For `importKey`. */
  readonly key: RsaHashedImportParams | EcKeyImportParams | Algorithm;
  /** For `verify`. */
  readonly verify: RsaPssParams | EcdsaParams | Algorithm;
}

/** WebCrypto's parameters, as far as signatures need them. */
interface Algorithm {
  readonly name: string;
}
interface RsaHashedImportParams extends Algorithm {
  readonly hash: string;
}
interface EcKeyImportParams extends Algorithm {
  readonly namedCurve: string;
}
interface RsaPssParams extends Algorithm {
  readonly saltLength: number;
}
interface EcdsaParams extends Algorithm {
  readonly hash: string;
}

const rsa = (name: string, bits: number): JwsAlgorithm => ({
  name,
  kty: "RSA",
  key: { name: "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` },
  verify: { name: "RSASSA-PKCS1-v1_5" },
});
const pss = (name: string, bits: number): JwsAlgorithm => ({
  name,
  kty: "RSA",
  key: { name: "RSA-PSS", hash: `SHA-${bits}` },
  verify: { name: "RSA-PSS", saltLength: bits / 8 },
});
const ecdsa = (name: string, bits: number, crv: string): JwsAlgorithm => ({
  name,
  kty: "EC",
  crv,
  key: { name: "ECDSA", namedCurve: crv },
  verify: { name: "ECDSA", hash: `SHA-${bits}` },
});
const ed25519 = (name: string): JwsAlgorithm => ({
  name,
  kty: "OKP",
  crv: "Ed25519",
  key: { name: "Ed25519" },
  verify: { name: "Ed25519" },
});

/** Every algorithm that a subject token can be verified with: asymmetric signatures only. */
const ALGORITHMS: ReadonlyMap<string, JwsAlgorithm> = new Map(
  [
    rsa("RS256", 256),
    rsa("RS384", 384),
    rsa("RS512", 512),
    pss("PS256", 256),
    pss("PS384", 384),
    pss("PS512", 512),
    ecdsa("ES256", 256, "P-256"),
    ecdsa("ES384", 384, "P-384"),
    ecdsa("ES512", 512, "P-521"),
    ed25519("EdDSA"),
    ed25519("Ed25519"),
  ].map((row) => [row.name, row]),
);

/**
 * The token's algorithm, where the issuer's allow-list names it, letter by letter (RFC 8725 §3.1). To be asked before
 * any key is looked up, so that no key ever meets an algorithm that its issuer does not use.
 */
export function allowedAlgorithm(
  token: { readonly alg: string },
  issuer: AllowedIssuer,
): Result<JwsAlgorithm, Denial> {
  const algorithm = issuer.algorithms.includes(token.alg) ? ALGORITHMS.get(token.alg) : undefined;
  if (algorithm !== undefined) return ok(algorithm);
  return err(
    deny("token_algorithm_refused", `The issuer's tokens are signed with ${issuer.algorithms.join(" or ")}.`),
  );
}

/** The algorithms of the issuer's allow-list that a key of this kind could be for. */
export function algorithmsFor(issuer: AllowedIssuer, kty: unknown, crv: unknown): readonly JwsAlgorithm[] {
  return issuer.algorithms.flatMap((name) => {
    const row = ALGORITHMS.get(name);
    return row !== undefined && row.kty === kty && (row.crv === undefined || row.crv === crv) ? [row] : [];
  });
}

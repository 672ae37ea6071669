/** One JWS algorithm with an asymmetric key: which keys are of its kind, and what WebCrypto needs for it. */
export interface JwsAlgorithm {
  readonly kty: "RSA" | "EC" | "OKP";
  /** The curve of the key; RSA has none. */
  readonly crv?: string;
  /** For `importKey`. */
  readonly keyParams: WebCryptoParams & { readonly hash?: string; readonly namedCurve?: string };
  /** For `sign` and `verify`. */
  readonly signatureParams: WebCryptoParams & { readonly hash?: string; readonly saltLength?: number };
  /** Whether a JWT-SVID may be signed with it (JWT-SVID §2.1). */
  readonly forJwtSvid: boolean;
}

interface WebCryptoParams {
  readonly name: string;
}

/** RFC 7518 §3.3. */
const pkcs1 = (bits: number) => ({
  kty: "RSA" as const,
  keyParams: { name: "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` },
  signatureParams: { name: "RSASSA-PKCS1-v1_5" },
  forJwtSvid: true,
});
/** RFC 7518 §3.5: the salt is as long as the hash. */
const pss = (bits: number) => ({
  kty: "RSA" as const,
  keyParams: { name: "RSA-PSS", hash: `SHA-${bits}` },
  signatureParams: { name: "RSA-PSS", saltLength: bits / 8 },
  forJwtSvid: true,
});
/** RFC 7518 §3.4. */
const ecdsa = (bits: number, crv: string) => ({
  kty: "EC" as const,
  crv,
  keyParams: { name: "ECDSA", namedCurve: crv },
  signatureParams: { name: "ECDSA", hash: `SHA-${bits}` },
  forJwtSvid: true,
});
/** RFC 8037 §3.1 under the name EdDSA, RFC 9864 §2.2 under the name Ed25519. */
const ed25519 = {
  kty: "OKP" as const,
  crv: "Ed25519",
  keyParams: { name: "Ed25519" },
  signatureParams: { name: "Ed25519" },
  forJwtSvid: false,
};

/** The JWS algorithms by name (RFC 7518 §3.1, RFC 8037, RFC 9864): asymmetric ones that WebCrypto verifies everywhere. */
export const JWS_ALGORITHMS = {
  RS256: pkcs1(256),
  RS384: pkcs1(384),
  RS512: pkcs1(512),
  PS256: pss(256),
  PS384: pss(384),
  PS512: pss(512),
  ES256: ecdsa(256, "P-256"),
  ES384: ecdsa(384, "P-384"),
  ES512: ecdsa(512, "P-521"),
  EdDSA: ed25519,
  Ed25519: ed25519,
} as const satisfies Readonly<Record<string, JwsAlgorithm>>;

export type JwsAlgorithmName = keyof typeof JWS_ALGORITHMS;

const NAMES = Object.keys(JWS_ALGORITHMS) as readonly JwsAlgorithmName[];

/** What a subject token may be signed with, where its issuer's `algorithms` has it. */
export const SUBJECT_TOKEN_ALGORITHMS = NAMES;

/** What a JWT-SVID may be signed with (JWT-SVID §2.1). */
export const JWT_SVID_ALGORITHMS = NAMES.filter((name) => JWS_ALGORITHMS[name].forJwtSvid);

/** Names are compared letter by letter (RFC 8725 §3.1). */
export function isJwsAlgorithm(name: string): name is JwsAlgorithmName {
  return Object.hasOwn(JWS_ALGORITHMS, name);
}

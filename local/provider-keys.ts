import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** One RSA key of a CI provider, as its JWKS shows it and as it signs. */
export interface ProviderKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  sign(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

/** Makes a 2048-bit RSA key whose tokens carry `alg: RS256`, as both providers use. */
export async function createProviderKey(kid: string): Promise<ProviderKey> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", {
    modulusLength: 2048,
    extractable: true,
  });
  const { kty, n, e } = await exportJWK(publicKey);
  return {
    kid,
    publicJwk: { kty, n, e, alg: "RS256", use: "sig", kid } as JWK,
    sign: (claims, header = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ typ: "JWT", alg: "RS256", kid, ...header })
        .sign(privateKey),
  };
}

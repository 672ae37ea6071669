import { now } from "../../local/clock.ts";
import { createProviderKey } from "../../local/provider-keys.ts";

/** An issuer of the trust document's type `jwt`, with inline keys. */
export interface Issuer {
  readonly issuer: string;
  readonly jwks: { readonly keys: readonly object[] };
  readonly token: (audience: string, claims?: object) => Promise<string>;
}

const LIFETIME_SECONDS = 3_600;

/** @param own the claims of each of its tokens, beside the registered ones. */
export async function createIssuer(issuer: string, own: object): Promise<Issuer> {
  const key = await createProviderKey(`key-of-${new URL(issuer).host}`);
  const token = (audience: string, claims: object = {}): Promise<string> => {
    const iat = now();
    const dates = { iat, exp: iat + LIFETIME_SECONDS };
    return key.sign({ iss: issuer, aud: audience, ...dates, jti: crypto.randomUUID(), ...own, ...claims });
  };
  return { issuer, jwks: { keys: [key.publicJwk] }, token };
}

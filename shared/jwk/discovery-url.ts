/** OIDC Discovery §4.1: a slash that ends the issuer is removed before the well-known path is appended. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** RFC 7519 §4.1; `cnf` (RFC 7800), `act` and `may_act` (RFC 8693 §4) would change what the token proves. */
const REGISTERED: readonly string[] = [
  "iss",
  "sub",
  "aud",
  "exp",
  "nbf",
  "iat",
  "jti",
  "cnf",
  "act",
  "may_act",
];

/** Whether only the exchange sets a claim of this name, in whatever letter case. */
export function isRegisteredClaim(name: string): boolean {
  return REGISTERED.includes(name.toLowerCase());
}

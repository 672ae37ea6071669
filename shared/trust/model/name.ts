/** What policies, issuers and applications may be called. */
export const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;

export function isName(text: string): boolean {
  return NAME.test(text);
}

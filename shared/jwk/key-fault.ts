/**
 * Every reason for which a key is of no use, with what is wrong and what to write instead. `subject` is the member, the
 * value or the bound that the sentence is about.
 */
const KEY_FAULTS = {
  not_an_object: () => "this is not a key; write a JWK object, as the issuer publishes it",
  private_member: (name: string) =>
    `the key holds its private part (${name}); write the public key alone, and replace the key`,
  kid_missing: () => "kid is missing; add the one that the issuer's tokens name",
  kid_not_text: () => "kid is not text; write it in quotes, as the issuer's tokens name it",
  kid_too_long: (most: string) =>
    `kid is longer than ${most} characters; have the issuer name the key shorter`,
  kid_not_printable: () =>
    "kid holds a character that is not printable ASCII; have the issuer name the key without it",
  kid_repeated: (kid: string) => `the kid ${JSON.stringify(kid)} is there twice; remove one`,
  alg_not_text: () => "alg is not text; write the one algorithm that the key is for, or leave alg out",
  use_differs: (use: string) => `use is not "${use}"; write a key for signatures`,
  key_ops_without_verify: () => 'key_ops does not list "verify"; write the public key, or leave key_ops out',
  kty_unknown: () => "kty is none of RSA, EC, OKP; write a public key of one of these kinds",
  crv_unknown: (curves: string) => `crv is not known; write a key on ${curves}`,
  member_unreadable: (name: string) =>
    `${name} is missing or not base64url; copy the key as the issuer publishes it`,
  coordinate_size: (name: string) =>
    `${name} does not have the size that the curve demands; copy the key with its leading zeros`,
  modulus_short: (least: string) =>
    `the RSA key is shorter than ${least} bits; have the issuer use a longer one`,
  modulus_long: (most: string) =>
    `the RSA key is longer than ${most} bits; have the issuer use a shorter one`,
  modulus_even: () => "n is an even number, which no RSA key has; copy the key as the issuer publishes it",
  exponent_unsafe: () =>
    "e is not an odd number from 65537 to 4294967295; have the issuer use a key with the exponent AQAB",
  import_refused: () =>
    "the runtime refuses the key, most likely because x and y are no point of the curve; copy the key as the issuer publishes it",
  algorithm_none: (allowed: string) =>
    `none of the issuer's algorithms (${allowed}) fits the key; add the key's algorithm to them, or remove the key`,
  algorithm_several: (fitting: string) =>
    `the key could be for ${fitting}; add its alg, since a key is for one algorithm`,
} as const satisfies Readonly<Record<string, (subject: string) => string>>;

export type KeyFaultReason = keyof typeof KEY_FAULTS;

export interface KeyFault {
  readonly reason: KeyFaultReason;
  readonly subject: string;
}

export function keyFault(reason: KeyFaultReason, subject: string | number = ""): KeyFault {
  return { reason, subject: String(subject) };
}

/** @returns what is wrong with the key and what to write, for whoever maintains the set. */
export function describeKeyFault({ reason, subject }: KeyFault): string {
  return KEY_FAULTS[reason](subject);
}

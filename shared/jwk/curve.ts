/** A short Weierstrass curve y² = x³ − 3x + b over the integers modulo p (FIPS 186-5, SP 800-186 §3.2.1). */
interface Curve {
  /** Bytes of a coordinate (RFC 7518 §6.2.1.2). */
  readonly bytes: number;
  readonly p: bigint;
  readonly b: bigint;
}

const CURVES: ReadonlyMap<string, Curve> = new Map([
  [
    "P-256",
    {
      bytes: 32,
      p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    },
  ],
  [
    "P-384",
    {
      bytes: 48,
      p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    },
  ],
  [
    "P-521",
    {
      bytes: 66,
      p: 2n ** 521n - 1n,
      b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    },
  ],
]);

export const EC_CURVES: readonly string[] = [...CURVES.keys()];

/** @returns the bytes that each coordinate must have, or `undefined` where the curve is not known. */
export function coordinateBytes(crv: string): number | undefined {
  return CURVES.get(crv)?.bytes;
}

/**
 * Whether the two coordinates are a point of the curve. Runtimes find out when they import the key; here it is known
 * before, and the same everywhere.
 */
export function isOnCurve(crv: string, xBytes: Uint8Array, yBytes: Uint8Array): boolean {
  const curve = CURVES.get(crv);
  if (curve === undefined) return false;
  const { p, b } = curve;
  const [x, y] = [integerOf(xBytes), integerOf(yBytes)];
  return x < p && y < p && (x ** 3n - 3n * x + b - y ** 2n) % p === 0n;
}

/** Big-endian, without sign. */
function integerOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

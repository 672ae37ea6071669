import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Json, publicJwk } from "../subject-token/craft.ts";

/** A public key that is well-formed, and whose x and y are no point of its curve. */
export interface OffCurveKey {
  readonly it: string;
  readonly algorithm: "ES256" | "ES384" | "ES512";
  readonly jwk: Json;
  /** The key that it was before. */
  readonly holder: KeyObject;
}

const coordinate = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const bytesOf = (text: unknown) => Buffer.from(String(text), "base64url");

function offCurve(
  it: string,
  [namedCurve, algorithm]: readonly [string, OffCurveKey["algorithm"]],
  change: (jwk: Json) => Json,
): OffCurveKey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  const jwk = publicJwk({ publicKey });
  return { it, algorithm, jwk: { ...jwk, ...change(jwk) }, holder: privateKey };
}

const P256 = ["P-256", "ES256"] as const;
const P384 = ["P-384", "ES384"] as const;
const P521 = ["P-521", "ES512"] as const;

const besideThePoint = ({ y }: Json): Json => {
  const bytes = bytesOf(y);
  bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
  return { y: coordinate(bytes) };
};

/** The coordinate x + p, which is congruent to x and has room in the 528 bits that a coordinate of P-521 is written in. */
const pastTheField = ({ x }: Json): Json => {
  const shifted = BigInt(`0x${bytesOf(x).toString("hex")}`) + 2n ** 521n - 1n;
  return { x: coordinate(Buffer.from(shifted.toString(16).padStart(132, "0"), "hex")) };
};

export const OFF_CURVE_KEYS: readonly OffCurveKey[] = [
  offCurve("a point beside P-256", P256, besideThePoint),
  offCurve("a point beside P-384", P384, besideThePoint),
  offCurve("a point beside P-521", P521, besideThePoint),
  offCurve("a coordinate of ones", P256, () => ({ y: coordinate(Buffer.alloc(32, 0xff)) })),
  offCurve("x and y in each other's place", P256, ({ x, y }) => ({ x: y, y: x })),
  offCurve("zeros for a point", P256, () => ({
    x: coordinate(Buffer.alloc(32)),
    y: coordinate(Buffer.alloc(32)),
  })),
  offCurve("a coordinate past the field, congruent to one within", P521, pastTheField),
];

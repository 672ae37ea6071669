import { MAX_KID_LENGTH } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { type KeyFault, keyFault } from "./key-fault.ts";

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** Judges the `kid` of a key or of a token (RFC 7517 §4.5, RFC 7515 §4.1.4): it is compared, and shown in messages. */
export function judgeKid(kid: unknown): Result<string, KeyFault> {
  if (kid === undefined || kid === "") return err(keyFault("kid_missing"));
  if (typeof kid !== "string") return err(keyFault("kid_not_text"));
  if (kid.length > MAX_KID_LENGTH) return err(keyFault("kid_too_long", MAX_KID_LENGTH));
  return PRINTABLE_ASCII.test(kid) ? ok(kid) : err(keyFault("kid_not_printable"));
}

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** 64 bits: enough to tell the documents of one exchange apart, short enough to read out. */
const VERSION_DIGITS = 16;

/** @returns the version of a document: the start of the SHA-256, in hex, of its JSON text exactly as it is stored. */
export function configVersion(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, VERSION_DIGITS);
}

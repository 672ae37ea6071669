import { isJsonObject, type JsonObject } from "../../shared/json.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { decodeBase64url, encodeBase64url } from "../../shared/strict/base64url.ts";
import { type MacKeyFailure, type MacKind, macKeys } from "./mac-keys.ts";
import type { KekSecrets } from "./secrets.ts";

/**
 * Values in Workers KV with a MAC (HMAC-SHA-256, RFC 2104). Whoever can write KV but does not know the Worker's secret can
 * delete a value, or put back an older one of the same name, and cannot make one.
 */
export interface ValueMac {
  /**
   * @param name the key of the value in KV: under another key the MAC does not hold.
   * @param secretId the secret whose MAC key is used; absent: the current one.
   * @returns the text for KV: a line with the MAC and the attributes, then the text itself.
   * @throws where the secret is not configured.
   */
  protect(name: string, value: ProtectedValue, secretId?: string): Promise<string>;
  /** Takes a text from KV apart, if its MAC holds. */
  open(name: string, stored: string): Promise<Result<ProtectedValue, MacFailure>>;
}

/** What a MAC protects: a text that does not end with white space, and what is said of it. */
export interface ProtectedValue {
  readonly text: string;
  readonly attributes: JsonObject;
}

/** Why a value from KV is not used: it has no MAC, the MAC is not of this value, or it cannot be checked. */
export type MacFailure = "mac_missing" | "mac_invalid" | MacKeyFailure;

const VERSION = 1;

export function createValueMac(secrets: KekSecrets, kind: MacKind): ValueMac {
  const keyOf = macKeys(secrets, kind);
  return {
    async protect(name, value, secretId) {
      const found = await keyOf(secretId);
      if (!found.ok) throw new Error(`no MAC can be made: ${found.error}`);
      const mac = await crypto.subtle.sign("HMAC", found.value.key, macInput(name, value));
      const header = {
        version: VERSION,
        kek: found.value.secretId,
        mac: encodeBase64url(new Uint8Array(mac)),
        ...value.attributes,
      };
      return `${JSON.stringify(header)}\n${value.text}`;
    },

    async open(name, stored) {
      const parts = takeApart(stored);
      if (parts === undefined) return err("mac_missing");
      const found = await keyOf(parts.kek);
      if (!found.ok) return found;
      const mac = decodeBase64url(parts.mac);
      if (mac === undefined) return err("mac_invalid");
      const holds = await crypto.subtle.verify("HMAC", found.value.key, mac, macInput(name, parts));
      return holds ? ok({ text: parts.text, attributes: parts.attributes }) : err("mac_invalid");
    },
  };
}

/** JSON shows where each part ends, so that two different values never have one input. */
function macInput(name: string, { attributes, text }: ProtectedValue): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([name, attributes, text]));
}

interface Parts extends ProtectedValue {
  readonly kek: string;
  readonly mac: string;
}

/** A backup that went through a file may end with a line end, which no text of ours does. */
function takeApart(stored: string): Parts | undefined {
  const end = stored.indexOf("\n");
  const header = end < 0 ? undefined : parseHeader(stored.slice(0, end));
  if (header === undefined) return undefined;
  const { version, kek, mac, ...attributes } = header;
  if (version !== VERSION || typeof kek !== "string" || typeof mac !== "string") return undefined;
  return { kek, mac, attributes, text: stored.slice(end + 1).trimEnd() };
}

function parseHeader(line: string): JsonObject | undefined {
  try {
    const header: unknown = JSON.parse(line);
    return isJsonObject(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

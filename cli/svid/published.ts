import { type ExchangeUrl, isConfidential } from "../../shared/client/exchange-url.ts";
import { parseJson } from "../../shared/client/fetch.ts";
import { isJsonObject, type JsonObject } from "../../shared/json.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { readJsonDocument } from "../json-document.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { printable } from "../terminal/paint.ts";
import { readTextFile } from "../text-file.ts";

/** Reading what an exchange, or any other issuer of JWT-SVIDs, publishes. */

export interface Discovered {
  readonly issuer: ExchangeUrl;
  readonly metadata: JsonObject;
  readonly jwksUri: string;
  readonly keys: readonly JsonObject[];
}

/** The issuer's keys by way of its discovery document (OpenID Connect Discovery 1.0 §4.3: `issuer` must be the same). */
export async function discoverKeys(
  issuer: ExchangeUrl,
  ports: Pick<Ports, "fetch" | "userAgent">,
): Promise<Result<Discovered, Failure>> {
  const metadata = await readJsonDocument(`${issuer}/.well-known/openid-configuration`, ports);
  if (!metadata.ok) return metadata;
  const { issuer: named, jwks_uri: jwksUri } = metadata.value.body;
  if (named !== issuer) {
    return failed(
      "issuer_differs",
      `The discovery document of ${issuer} names another issuer: ${printable(JSON.stringify(named ?? null))}.`,
      "Give the issuer exactly as the exchange's trust document has it.",
    );
  }
  if (typeof jwksUri !== "string" || !URL.canParse(jwksUri) || !isConfidential(new URL(jwksUri))) {
    return failed(
      "document_unavailable",
      `${metadata.value.url} names no https jwks_uri.`,
      "The issuer must publish one.",
    );
  }
  const jwks = await readJsonDocument(jwksUri, ports);
  if (!jwks.ok) return jwks;
  const keys = keysIn(jwks.value.body, jwksUri);
  return keys.ok ? ok({ issuer, metadata: metadata.value.body, jwksUri, keys: keys.value }) : keys;
}

/** The JWT-SVID keys of a SPIFFE bundle: `use` is `jwt-svid`, and X.509 keys lie beside them (SPIFFE Bundle §4). */
export async function bundleKeys(
  place: string,
  ports: Pick<Ports, "fetch" | "userAgent" | "cwd">,
): Promise<Result<readonly JsonObject[], Failure>> {
  const body = /^https?:\/\//.test(place) ? await bundleAt(place, ports) : bundleIn(place, ports.cwd);
  if (!body.ok) return body;
  const keys = keysIn(body.value, place);
  return keys.ok ? ok(keys.value.filter((key) => key["use"] === "jwt-svid")) : keys;
}

async function bundleAt(
  url: string,
  ports: Pick<Ports, "fetch" | "userAgent">,
): Promise<Result<JsonObject, Failure>> {
  if (!URL.canParse(url) || !isConfidential(new URL(url))) {
    return misused(
      `--bundle can't be used: it is not https (http is for loopback only).`,
      "Give an https URL or a file.",
    );
  }
  const read = await readJsonDocument(url, ports);
  return read.ok ? ok(read.value.body) : read;
}

function bundleIn(path: string, cwd: string): Result<JsonObject, Failure> {
  const text = readTextFile(path, cwd);
  const body = text.ok ? parseJson(text.value) : undefined;
  if (isJsonObject(body)) return ok(body);
  const problem = text.ok ? "is not a JSON object" : `could not be read (${text.error})`;
  return failed(
    "document_unavailable",
    `${printable(path)} ${problem}.`,
    "Give the URL or the file of a SPIFFE bundle.",
  );
}

export function keysIn(document: JsonObject, place: string): Result<readonly JsonObject[], Failure> {
  const keys = document["keys"];
  if (Array.isArray(keys)) return ok(keys.filter(isJsonObject));
  return err({
    exit: 1,
    code: "document_unavailable",
    message: `${place} holds no "keys".`,
    next: ["Check the address: a JWK Set and a SPIFFE bundle both have that member."],
  });
}

import { describeUnread } from "../../shared/client/describe-unread.ts";
import type { ExchangeUrl } from "../../shared/client/exchange-url.ts";
import { parseJson } from "../../shared/client/fetch.ts";
import { readOnce } from "../../shared/client/read-document.ts";
import { isJsonObject } from "../../shared/json.ts";
import { isFetchable } from "../../shared/jwk/fetch-json.ts";
import { type JudgedKeySet, readKeySet } from "../../shared/jwk/key-set.ts";
import { printable } from "../../shared/printable.ts";
import { err, type Result } from "../../shared/result.ts";
import {
  bundleKeys,
  issuerKeys,
  type PublishedKeys,
  type PublishedKeysFailure,
} from "../../shared/verify/published-keys.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { readTextFile } from "../text-file.ts";

/** The keys that an exchange, or any other issuer of JWT-SVIDs, publishes. */

const DOCUMENT_TIMEOUT_MS = 10_000;

type NetworkPorts = Pick<Ports, "fetch" | "timeoutSignal">;

/** Reads the keys that the discovery document of the issuer names. */
export async function keysOfIssuer(
  issuer: ExchangeUrl,
  ports: NetworkPorts,
): Promise<Result<PublishedKeys, Failure>> {
  const keys = await issuerKeys(issuer, readOnce(DOCUMENT_TIMEOUT_MS, ports));
  return keys.ok ? keys : err(explainUnpublished(keys.error));
}

/**
 * Reads the keys of JWT-SVIDs in a SPIFFE bundle.
 *
 * @param place the URL or the file of the bundle.
 */
export async function keysOfBundle(
  place: string,
  ports: NetworkPorts & Pick<Ports, "cwd">,
): Promise<Result<JudgedKeySet, Failure>> {
  if (!/^https?:\/\//.test(place)) return keysInFile(place, ports.cwd);
  if (!isFetchable(place)) {
    return misused(
      "--bundle cannot be used: it is not https (http is for loopback only).",
      "Give --bundle an https URL or a file.",
    );
  }
  const keys = await bundleKeys(place, readOnce(DOCUMENT_TIMEOUT_MS, ports));
  return keys.ok ? keys : err(explainUnpublished(keys.error));
}

function keysInFile(path: string, cwd: string): Result<JudgedKeySet, Failure> {
  const text = readTextFile(path, cwd);
  const body = text.ok ? parseJson(text.value) : undefined;
  const problem = text.ok ? "is not a JSON object" : `could not be read (${text.error})`;
  const keys = isJsonObject(body) ? readKeySet(body, "jwt-svid") : err(problem);
  if (keys.ok) return keys;
  return failed(
    "document_unavailable",
    `${printable(path)} ${keys.error}.`,
    "Give --bundle the URL or the file of a SPIFFE bundle.",
  );
}

/** Explains why published keys could not be read. */
export function explainUnpublished(failure: PublishedKeysFailure): Failure {
  const { message, advice } = describeUnread(failure);
  if (failure.code === "issuer_differs") {
    const next = ["Give the URL of the issuer exactly as the trust document of the exchange has it."];
    return { exit: 1, code: "issuer_differs", message, next };
  }
  return { exit: 1, code: "document_unavailable", message, next: [advice] };
}

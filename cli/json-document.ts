import { describeUnread } from "../shared/client/describe-unread.ts";
import { parseJson, readText } from "../shared/client/fetch.ts";
import { isJsonObject, type JsonObject } from "../shared/json.ts";
import { ok, type Result } from "../shared/result.ts";
import { type Failure, failed } from "./outcome.ts";
import type { Ports } from "./ports.ts";

/** Far more than a document of many keys has. */
const MAX_DOCUMENT_BYTES = 1024 * 1024;
const TIMEOUT_MS = 10_000;

export interface JsonDocument {
  readonly url: string;
  readonly status: number;
  readonly body: JsonObject;
}

/**
 * Reads a public JSON document over HTTP. A redirect is not followed.
 *
 * @param statuses the statuses whose body is the document.
 */
export async function readJsonDocument(
  url: string,
  ports: Pick<Ports, "fetch" | "timeoutSignal">,
  statuses: readonly number[] = [200],
): Promise<Result<JsonDocument, Failure>> {
  const headers = { accept: "application/json" };
  try {
    const signal = ports.timeoutSignal(TIMEOUT_MS);
    const response = await ports.fetch(url, { method: "GET", headers, redirect: "manual", signal });
    const { status } = response;
    const body = parseJson(await readText(response, MAX_DOCUMENT_BYTES));
    if (!statuses.includes(status)) return unavailable(`${url} returned status ${status}.`);
    return isJsonObject(body) ? ok({ url, status, body }) : unavailable(`${url} is not a JSON object.`);
  } catch (thrown) {
    const { message, advice } = describeUnread({ url, what: "could not be read", thrown });
    return failed("document_unavailable", message, advice);
  }
}

function unavailable(message: string): Result<never, Failure> {
  return failed("document_unavailable", message, "Check the address. Open it with curl to see the response.");
}

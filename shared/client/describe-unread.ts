import type { KeyFetchFailure } from "../jwk/fetch-json.ts";
import { networkError } from "./network.ts";
import { networkAdvice } from "./network-advice.ts";

/** Why a published document was not read, for whoever waits for it. */
export interface Unread {
  /** A whole sentence. */
  readonly message: string;
  readonly advice: string;
}

export function describeUnread({ url, what, thrown }: KeyFetchFailure): Unread {
  if (thrown === undefined) {
    return {
      message: `${url} ${what}.`,
      advice: "Check the address. Open it with curl to see the response.",
    };
  }
  const { cause, errno } = networkError(thrown);
  const { meaning, advice } = networkAdvice(cause, { url: "the address" });
  return { message: `${url} could not be read: ${meaning} (${errno ?? cause}).`, advice };
}

import { expect, test } from "vitest";
import {
  attemptSignal,
  type Fetch,
  type HttpRequest,
  parseJson,
  readText,
  withUserAgent,
} from "../../../shared/client/fetch.ts";

const { signal } = new AbortController();
const REQUEST: HttpRequest = { method: "GET", headers: { accept: "text/plain" }, redirect: "manual", signal };

test("each request names the program that sends it, beside its other headers", async () => {
  const sent: unknown[] = [];
  const fetch: Fetch = async (url, request) => {
    sent.push({ url, request });
    return new Response("yes");
  };
  const response = await withUserAgent(fetch, "test/1")("https://svid.example.org/", REQUEST);
  expect(await readText(response, 3)).toBe("yes");
  const headers = { accept: "text/plain", "user-agent": "test/1" };
  expect(sent).toEqual([{ url: "https://svid.example.org/", request: { ...REQUEST, headers } }]);
});

test.each([
  [60_000, 10_000],
  [9_000, 9_000],
  [0, 1],
  [-5, 1],
])("with %i ms left, an attempt has %i ms", (left, given) => {
  const asked: number[] = [];
  const timeoutSignal = (ms: number): AbortSignal => {
    asked.push(ms);
    return signal;
  };
  expect(attemptSignal(left, { fetch: async () => new Response(), timeoutSignal })).toBe(signal);
  expect(asked).toEqual([given]);
});

test("a body that is too long, or no JSON, is no value", async () => {
  expect(await readText(new Response("four"), 3)).toBeUndefined();
  expect(parseJson(undefined)).toBeUndefined();
  expect(parseJson("{")).toBeUndefined();
  expect(parseJson("null")).toBeNull();
});

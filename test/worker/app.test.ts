import type { ExecutionContext } from "@cloudflare/workers-types";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exchangeForm } from "../../shared/wire.ts";
import { createApp } from "../../worker/app.ts";
import type { Env } from "../../worker/env.ts";

beforeEach(() => void vi.spyOn(console, "log").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const form = exchangeForm({ subjectToken: "h.p.s" });
const ctx = { waitUntil: (_: Promise<unknown>) => undefined } as ExecutionContext;

/** An isolate without memory whose KV is empty, and the keys that were read from it. */
function isolate() {
  const reads: string[] = [];
  const get = async (key: string): Promise<null> => {
    reads.push(key);
    return null;
  };
  const env = { KV: { get } } as unknown as Env;
  const app = createApp(() => 1_800_000_000);
  return {
    reads,
    send: (path: string, init?: RequestInit) =>
      app.fetch(new Request(`https://x.example${path}`, init), env, ctx),
  };
}

test.each<[string, RequestInit?]>([
  ["/token", { method: "POST", body: form }],
  ["/.well-known/jwks.json"],
  ["/.well-known/openid-configuration"],
  ["/healthz"],
  ["/nothing"],
])("%s asks once for the trust document", async (path, init) => {
  const { reads, send } = isolate();
  const { status } = await send(path, init);
  expect(reads).toEqual(["trust", "trust/last-good"]);
  // Without a document nobody knows whether the host is an application's, so that no path is known to be none.
  expect(status).toBe(503);
});

test("what is wrong with the request comes before what is wrong with the exchange", async () => {
  const codeOf = async (path: string, init?: RequestInit) =>
    ((await (await isolate().send(path, init)).json()) as { code: string }).code;
  expect(await codeOf("/token", { method: "POST", body: "grant_type=password" })).toBe(
    "content_type_refused",
  );
  expect(
    await codeOf("/token", { method: "POST", body: new URLSearchParams({ grant_type: "password" }) }),
  ).toBe("grant_type_unsupported");
  expect(await codeOf("/token")).toBe("method_not_allowed");
  expect(await codeOf("/token", { method: "POST", body: form })).toBe("not_configured");
});

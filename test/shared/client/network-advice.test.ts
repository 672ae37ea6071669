import { expect, test } from "vitest";
import type { NetworkCause } from "../../../shared/client/network.ts";
import { networkAdvice } from "../../../shared/client/network-advice.ts";

test.each<[NetworkCause, string, string]>([
  ["dns", "its host name has no address", "--exchange-url"],
  ["tls", "its certificate was not accepted", "NODE_EXTRA_CA_CERTS"],
  ["refused", "the connection was refused", "--exchange-url"],
  ["reset", "the connection broke off", "proxy"],
  ["timeout", "no response came in time", "--timeout"],
  ["proxy", "the proxy refused the connection", "HTTPS_PROXY"],
  ["other", "the connection failed", "network"],
])("%s: what it means, and the setting to look at", (cause, meaning, setting) => {
  const advised = networkAdvice(cause, { url: "--exchange-url", timeout: "--timeout" });
  expect(advised.meaning).toBe(meaning);
  expect(advised.advice).toContain(setting);
  expect(advised.advice).toMatch(/^[A-Z].*\.$/);
});

test("a timeout that the user cannot set is not named", () => {
  expect(networkAdvice("timeout", { url: "the URL" }).advice).toBe(
    "Check whether this machine may connect there.",
  );
});

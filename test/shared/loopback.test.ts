import { expect, test } from "vitest";
import { parseExchangeUrl } from "../../shared/client/exchange-url.ts";
import { isFetchable } from "../../shared/jwk/fetch-json.ts";
import { isLoopback } from "../../shared/loopback.ts";
import { fetchedUrlProblem, ownIssuerProblem } from "../../shared/trust/compile/issuer-url.ts";

test.each([
  ["localhost", true],
  ["LOCALHOST", true],
  ["127.0.0.1", true],
  ["127.0.0.2", true],
  ["127.255.255.254", true],
  ["[::1]", true],
  ["[0:0:0:0:0:0:0:1]", true],
  ["128.0.0.1", false],
  ["10.0.0.7", false],
  ["0.0.0.0", false],
  ["[::2]", false],
  ["[::ffff:127.0.0.1]", false],
  ["127.0.0.1.example", false],
  ["localhost.example", false],
  ["notlocalhost", false],
])("http://%s: whoever may fetch over plain http says the same", (host, loopback) => {
  const url = `http://${host}`;
  expect(isLoopback(new URL(url).hostname)).toBe(loopback);
  expect(parseExchangeUrl(url).ok).toBe(loopback);
  expect(isFetchable(`${url}/keys`)).toBe(loopback);
  const plain = new URL(url).origin;
  expect(fetchedUrlProblem(`${plain}/keys`) === undefined).toBe(loopback);
  expect(ownIssuerProblem(plain) === undefined).toBe(loopback);
});

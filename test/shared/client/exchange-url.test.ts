import { describe, expect, test } from "vitest";
import { parseExchangeUrl, tokenEndpoint } from "../../../shared/client/exchange-url.ts";

describe("an exchange's URL", () => {
  test.each([
    ["https://svid.example.org", "https://svid.example.org/token"],
    ["https://svid.example.org/", "https://svid.example.org/token"],
    ["https://SVID.example.org:443//", "https://svid.example.org/token"],
    ["https://example.org/ci/exchange", "https://example.org/ci/exchange/token"],
    ["https://example.org/ci/exchange/", "https://example.org/ci/exchange/token"],
    ["http://localhost:8787", "http://localhost:8787/token"],
    ["http://127.0.0.1:8787", "http://127.0.0.1:8787/token"],
    ["http://[::1]:8787", "http://[::1]:8787/token"],
  ])("%s is asked at %s", (text, endpoint) => {
    const parsed = parseExchangeUrl(text);
    expect(parsed.ok && tokenEndpoint(parsed.value)).toBe(endpoint);
  });

  test.each([
    ["", "not an absolute URL"],
    ["svid.example.org", "not an absolute URL"],
    ["/token", "not an absolute URL"],
    ["http://svid.example.org", "not https"],
    ["http://localhost.evil.example", "not https"],
    ["http://127.0.0.1.evil.example", "not https"],
    ["http://0.0.0.0:8787", "not https"],
    ["ftp://svid.example.org", "not https"],
    ["file:///etc/passwd", "not https"],
    ["https://user@svid.example.org", "user name"],
    ["https://:secret@svid.example.org", "password"],
    ["https://svid.example.org?", "query"],
    ["https://svid.example.org?x=1", "query"],
    ["https://svid.example.org#top", "fragment"],
  ])("%s is refused: %s", (text, reason) => {
    const parsed = parseExchangeUrl(text);
    expect(parsed.ok ? "taken" : parsed.error).toContain(reason);
  });

  test("a refusal does not repeat the value, which may hold a secret", () => {
    const parsed = parseExchangeUrl("https://:hunter2@svid.example.org");
    expect(JSON.stringify(parsed)).not.toContain("hunter2");
  });
});

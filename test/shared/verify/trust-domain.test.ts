import { expect, test } from "vitest";
import type { JsonObject } from "../../../shared/json.ts";
import { err, ok } from "../../../shared/result.ts";
import { publishedTrustDomain } from "../../../shared/verify/trust-domain.ts";

const ISSUER = "https://svid.example.org/ci";
const URL = `${ISSUER}/.well-known/oauth-authorization-server`;

const readIn = (document: JsonObject) =>
  publishedTrustDomain(ISSUER, async (url) => {
    expect(url).toBe(URL);
    return ok(document);
  });

test("the trust domain is read from the metadata of the issuer", async () => {
  const document = { issuer: ISSUER, spiffe_trust_domain: "ci.example.org" };
  expect(await readIn(document)).toEqual({ ok: true, value: "ci.example.org" });
});

test.each([
  [{ issuer: "https://svid.example.org", spiffe_trust_domain: "ci.example.org" }, "issuer_differs"],
  [{ spiffe_trust_domain: "ci.example.org" }, "issuer_differs"],
  [{ issuer: ISSUER }, "metadata_unreadable"],
  [{ issuer: ISSUER, spiffe_trust_domain: "" }, "metadata_unreadable"],
  [{ issuer: ISSUER, spiffe_trust_domain: "CI.example.org" }, "metadata_unreadable"],
  [{ issuer: ISSUER, spiffe_trust_domain: "spiffe://ci.example.org" }, "metadata_unreadable"],
  [{ issuer: ISSUER, spiffe_trust_domain: ["ci.example.org"] }, "metadata_unreadable"],
])("metadata is refused: %j", async (document, code) => {
  expect(await readIn(document)).toMatchObject({ ok: false, error: { code, url: URL } });
});

test("metadata that cannot be read says why", async () => {
  const failure = { url: URL, what: "answered with status 404", status: 404 };
  const read = await publishedTrustDomain(ISSUER, async () => err(failure));
  expect(read).toEqual({ ok: false, error: { ...failure, code: "metadata_unreadable" } });
});

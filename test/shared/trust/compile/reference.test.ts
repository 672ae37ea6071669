import { expect, test } from "vitest";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";

test("a policy whose issuer no entry can be meant by is told to add one", () => {
  const compiled = compileTrust({
    version: 1,
    trustDomain: "ci.example.org",
    issuer: "https://svid.example.org",
    allowedIssuers: [{ type: "github", issuer: "https://token.actions.githubusercontent.com" }],
    policies: [
      {
        name: "deploy",
        issuer: "corp",
        match: { "jwt.claim.repository_id": "7" },
        spiffeId: "spiffe://{{ trustDomain }}/deploy",
        audiences: ["https://vault.example.org"],
      },
    ],
  });
  const messages = compiled.ok ? [] : compiled.error.map(({ message }) => message);
  expect(messages).toContain("allowedIssuers has no id corp; add it there");
});

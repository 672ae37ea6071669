import { expect, test } from "vitest";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { decide } from "../../../../shared/trust/decide/decide.ts";
import { supposedAttributesOf } from "../../../../shared/trust/model/attributes.ts";
import { sampleDocument } from "../sample-document.ts";

test("the sample document grants its release branch an SVID and nothing else", () => {
  const compiled = compileTrust(sampleDocument());
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const issuer = compiled.value.issuers.get("https://token.actions.githubusercontent.com");
  if (issuer === undefined) throw new Error("the sample has GitHub");
  const decideFor = (ref: string) =>
    decide(
      compiled.value,
      issuer,
      supposedAttributesOf(issuer, {
        repository_id: "1342205517",
        repository: "acme/api",
        environment: "production",
        ref,
      }),
      { audience: "https://vault.example.org" },
    );

  expect(decideFor("refs/heads/release/1")).toEqual({
    ok: true,
    value: {
      policy: "deploy",
      spiffeId: "spiffe://ci.example.org/github/acme/api/env/production",
      audience: "https://vault.example.org",
      algorithm: "ES256",
      ttlSeconds: 300,
      claims: { repository: "acme/api", roles: ["deployer"] },
    },
  });
  expect(decideFor("refs/heads/release/1/x")).toMatchObject({ ok: false, error: { code: "policy_denied" } });
});

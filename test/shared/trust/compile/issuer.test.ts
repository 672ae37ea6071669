import { expect, test } from "vitest";
import { SUBJECT_TOKEN_ALGORITHMS } from "../../../../shared/jws-algorithms.ts";
import { allowedAlgorithm } from "../../../../shared/subject-token/signing-key.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { parseTrustYaml } from "../../../../shared/trust/document/yaml.ts";
import { BASE } from "../base-document.ts";

const parsed = parseTrustYaml(BASE);
if (!parsed.ok) throw new Error("the base is good");

test("every algorithm that a document may name is one that the Worker can verify", () => {
  const document = structuredClone(parsed.value.value) as { allowedIssuers: Record<string, unknown>[] };
  Object.assign(document.allowedIssuers[1] ?? {}, { algorithms: SUBJECT_TOKEN_ALGORITHMS });
  const compiled = compileTrust(document);
  const issuer = compiled.ok ? compiled.value.issuers.get("https://gitlab.corp.example.org") : undefined;
  if (issuer === undefined) throw new Error("the issuer is lost");
  for (const name of SUBJECT_TOKEN_ALGORITHMS)
    expect(allowedAlgorithm({ alg: name }, issuer), name).toMatchObject({ ok: true });
});

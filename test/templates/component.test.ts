import { describe, expect, test } from "vitest";
import { include, readSpec } from "./component.ts";

const URL = "https://svid.example.org";

test("every input is described, and every default is a value that the input takes", () => {
  for (const [name, input] of Object.entries(readSpec())) {
    expect(
      Object.keys(input).filter((key) => !["description", "default", "regex", "options"].includes(key)),
    ).toEqual([]);
    expect(input.description, name).toMatch(/\.$|@1\.2\.3$|fail\.$/);
  }
  expect(include({ "exchange-url": URL }).name).toBe(".svid-exchange");
});

test("the ID token's audience is the exchange, and the file lies outside the checkout", () => {
  const { job } = include({ "exchange-url": URL, "export-env": "VAULT_SVID" });
  expect(job.id_tokens).toEqual({ SVID_EXCHANGE_ID_TOKEN: { aud: URL } });
  expect(job.variables).toEqual({ VAULT_SVID: `\${CI_PROJECT_DIR}.tmp/VAULT_SVID.jwt` });
  expect(job.after_script.join("\n")).toContain(`rm -rf "\${VAULT_SVID}" "\${VAULT_SVID}.api"`);
});

test("no artifact and no dotenv takes the SVID along, and nothing is traced or printed", () => {
  const { job } = include({ "exchange-url": URL });
  expect(Object.keys(job).sort()).toEqual(["after_script", "before_script", "id_tokens", "variables"]);
  const script = job.before_script.join("\n");
  expect(script).not.toMatch(/set -[a-z]*x/);
  expect(script).not.toMatch(/(echo|say|fail)[^\n]*(\$svid|TOKEN\b.*\$SVID_EXCHANGE_ID_TOKEN|\$response)/);
});

describe("refuses inputs that would change the script", () => {
  test.each([
    ["exchange-url", "https://x.example$(id)"],
    ["exchange-url", 'https://x.example"; id; "'],
    ["exchange-url", "http://x.example"],
    ["exchange-url", "https://x.example/"],
    ["audience", 'a"; id; "'],
    ["audience", "`id`"],
    ["audience", "$(id)"],
    ["audience", "$VAULT_ADDR"],
    ["audience", "a$CI_JOB_TOKEN"],
    ["audience", "a'; id; '"],
    ["exchange-url", "https://x.example/$CI_JOB_TOKEN"],
    ["exchange-url", "https://x.example'; id; '"],
    ["policy", "a b"],
    ["export-env", "A-B"],
    ["cli", "sh -c 'id'"],
    ["cli", "svid-exchange; id"],
    ["method", "wget"],
    ["workload-api", "yes"],
    ["job", "svid"],
  ])("%s: %s", (name, value) => {
    expect(() => include({ "exchange-url": URL, [name]: value })).toThrow(name);
  });
});

test("takes inputs that people write", () => {
  for (const [name, value] of [
    ["exchange-url", "https://svid.example.org:8443/ci"],
    ["audience", "api://AzureADTokenExchange"],
    ["cli", "npx --yes svid-exchange@1.2.3"],
    ["job", ".svid-vault"],
  ] as const) {
    expect(() => include({ "exchange-url": URL, [name]: value })).not.toThrow();
  }
});

import { describe, expect, test } from "vitest";
import { type InputName, readInputs } from "../../action/inputs.ts";

const read = (inputs: { readonly [name in InputName]?: string }) => readInputs((name) => inputs[name] ?? "");

describe("inputs", () => {
  test("need only the exchange's URL; the ID token is for it", () => {
    expect(read({ "exchange-url": "https://svid.example.org/ci/" })).toEqual({
      ok: true,
      value: {
        exchangeUrl: "https://svid.example.org/ci",
        tokenAudience: "https://svid.example.org/ci",
        dryRun: false,
        verify: false,
        timeoutMs: 60_000,
      },
    });
  });

  test("are all taken", () => {
    expect(
      read({
        "exchange-url": "https://svid.example.org",
        audience: "https://vault.example.org",
        policy: "deploy",
        "token-audience": "sts",
        "svid-file": "out/svid.jwt",
        "export-env": "SVID_FILE",
        "dry-run": "true",
        verify: "True",
        timeout: "2m",
      }),
    ).toEqual({
      ok: true,
      value: {
        exchangeUrl: "https://svid.example.org",
        audience: "https://vault.example.org",
        policy: "deploy",
        tokenAudience: "sts",
        svidFile: "out/svid.jwt",
        exportEnv: "SVID_FILE",
        dryRun: true,
        verify: true,
        timeoutMs: 120_000,
      },
    });
  });

  test.each<[InputName, string, string]>([
    ["exchange-url", "", "is missing"],
    ["exchange-url", "http://svid.example.org", "not https"],
    ["exchange-url", "svid.example.org", "not an absolute URL"],
    ["dry-run", "yes", "neither true nor false"],
    ["verify", "1", "neither true nor false"],
    ["timeout", "60", "not a duration"],
    ["timeout", "0s", "not between"],
    ["timeout", "61m", "not between"],
    ["export-env", "MY-PATH", "not the name"],
    ["export-env", "1ST", "not the name"],
    ["export-env", "A=B", "not the name"],
    ["export-env", "PATH", "another meaning"],
    ["export-env", "NODE_OPTIONS", "another meaning"],
    ["export-env", "LD_PRELOAD", "another meaning"],
    ["export-env", "GITHUB_TOKEN", "another meaning"],
    ["export-env", "github_env", "another meaning"],
  ])("%s may not be %j: %s", (name, value, problem) => {
    const inputs = read({ "exchange-url": "https://svid.example.org", [name]: value });
    expect(inputs).toEqual({
      ok: false,
      error: [{ input: name, problem: expect.stringContaining(problem) }],
    });
  });

  test("report every problem at once, and no value", () => {
    const inputs = read({
      "exchange-url": "hunter2",
      "export-env": "hunter 2",
      timeout: "hunter2",
      verify: "hunter2",
    });
    expect(inputs.ok ? [] : inputs.error.map(({ input }) => input)).toEqual([
      "exchange-url",
      "export-env",
      "verify",
      "timeout",
    ]);
    expect(JSON.stringify(inputs)).not.toContain("hunter");
  });
});

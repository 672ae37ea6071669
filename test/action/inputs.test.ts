import { describe, expect, test } from "vitest";
import { type InputName, readInputs } from "../../action/inputs.ts";

type Given = { readonly [name in InputName]?: string };

const read = (inputs: Given, platform = "linux") => readInputs((name) => inputs[name] ?? "", platform);

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
        renew: false,
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
        renew: false,
      },
    });
  });

  test.each<[InputName, string, string]>([
    ["exchange-url", "", "is missing"],
    ["exchange-url", "http://svid.example.org", "not https"],
    ["exchange-url", "svid.example.org", "not an absolute URL"],
    ["dry-run", "yes", "neither true nor false"],
    ["verify", "1", "neither true nor false"],
    ["renew", "always", "neither true nor false"],
    ["workload-api", "unix", "neither true nor false"],
    ["workload-api", "unix:///tmp/api.sock", "neither true nor false"],
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

  test.each<[Given, object]>([
    [{}, { kind: "socket" }],
    [{ socket: "spiffe/api.sock" }, { kind: "socket", path: "spiffe/api.sock" }],
    [{ tcp: "true" }, { kind: "tcp" }],
  ])("place the Workload API: %j", (more, place) => {
    const inputs = read({ "exchange-url": "https://svid.example.org", "workload-api": "true", ...more });
    expect(inputs).toMatchObject({ ok: true, value: { workloadApi: place } });
  });

  test.each<[Given, InputName, string]>([
    [{ renew: "true", "dry-run": "true" }, "renew", "dry-run"],
    [{ "workload-api": "true", "dry-run": "true" }, "workload-api", "dry-run"],
    [{ tcp: "true" }, "tcp", "without workload-api"],
    [{ socket: "api.sock" }, "socket", "without workload-api"],
    [{ "workload-api": "true", socket: "api.sock", tcp: "true" }, "socket", "tcp is true"],
  ])("do not contradict each other: %j", (more, name, problem) => {
    const inputs = read({ "exchange-url": "https://svid.example.org", ...more });
    expect(inputs).toEqual({
      ok: false,
      error: [{ input: name, problem: expect.stringContaining(problem) }],
    });
  });

  test("ask for TCP on Windows", () => {
    const given = { "exchange-url": "https://svid.example.org", "workload-api": "true" };
    expect(read(given, "win32")).toEqual({
      ok: false,
      error: [{ input: "workload-api", problem: expect.stringContaining("set tcp to true") }],
    });
    expect(read({ ...given, tcp: "true" }, "win32")).toMatchObject({ ok: true });
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

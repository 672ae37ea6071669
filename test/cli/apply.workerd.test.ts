import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { storedText } from "../../shared/trust/document/stored.ts";
import { configVersion } from "../../shared/trust/document/version.ts";
import { buildCli, type Cli } from "../stage/cli.ts";
import { createGateway } from "../stage/gateway.ts";
import type { Ended } from "../stage/process.ts";
import { createRepository } from "../stage/repository.ts";

let cli: Cli;
let root: string;
beforeAll(async () => {
  cli = await buildCli();
  root = mkdtempSync(join(tmpdir(), "svid-maintainer-"));
});
afterAll(() => {
  cli.remove();
  rmSync(root, { recursive: true, force: true });
});

const repository = (name: string, remote?: string): string => createRepository(join(root, name), remote);

describe("init", () => {
  test.each([
    ["git@github.com:acme/widgets.git", "github", "gh api repos/acme/widgets"],
    ["https://github.com/acme/widgets", "github", "gh api repos/acme/widgets"],
    ["https://oauth2:secret@gitlab.com/acme/tools/widgets.git", "gitlab", "projects/acme%2Ftools%2Fwidgets"],
    ["ssh://git@gitlab.acme.example:2222/acme/widgets.git", "gitlab", "https://gitlab.acme.example/api/v4"],
    [undefined, "github", "gh api repos/OWNER/NAME"],
    ["https://git.example.org/x/y", "github", "gh api repos/OWNER/NAME"],
  ])(
    "writes for %s a document for %s that is without errors and passes its tests",
    async (remote, type, hint) => {
      const cwd = repository(`init-${statSync(root).nlink}`, remote);
      const { code, stdout } = await cli.run(["init"], { cwd });
      expect(code).toBe(0);
      expect(stdout).not.toContain("secret@");
      const text = readFileSync(join(cwd, "trust.yaml"), "utf8");
      expect(text).toContain(hint);
      expect(text).not.toContain("secret");
      expect(parse(text).allowedIssuers).toMatchObject([{ type }]);
      const checked = await cli.run(["check", "--json"], { cwd });
      expect(JSON.parse(checked.stdout)).toMatchObject({ errors: 0, warnings: 0 });
      expect((await cli.run(["test"], { cwd })).stdout).toContain("3 of 3 tests passed");
    },
  );

  test("writes a fresh key of 32 bytes that others can't read, and warns where git would take it", async () => {
    const [first, second] = [repository("keys-1"), repository("keys-2")];
    writeFileSync(join(second, ".gitignore"), ".dev.vars\n");
    const [warned, quiet] = await Promise.all([
      cli.run(["init"], { cwd: first }),
      cli.run(["init"], { cwd: second }),
    ]);
    expect(warned.stdout).toContain("add it to .gitignore");
    expect(quiet.stdout).not.toContain(".gitignore");
    const keys = [first, second].map((folder) => {
      expect(statSync(join(folder, ".dev.vars")).mode & 0o777).toBe(0o600);
      return /^KEY_ENCRYPTION_KEY=([A-Za-z0-9+/]{43}=)\n$/.exec(
        readFileSync(join(folder, ".dev.vars"), "utf8"),
      )?.[1];
    });
    expect(Buffer.from(keys[0] ?? "", "base64")).toHaveLength(32);
    expect(keys[0]).not.toBe(keys[1]);
  });

  test("overwrites nothing", async () => {
    const cwd = repository("kept");
    writeFileSync(join(cwd, "trust.yaml"), "mine");
    const first = await cli.run(["init"], { cwd });
    expect(first.code).toBe(0);
    expect(first.stdout).toContain("kept    ");
    const second = await cli.run(["init"], { cwd });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("nothing was changed");
    expect(readFileSync(join(cwd, "trust.yaml"), "utf8")).toBe("mine");
  });

  test("reads the ids from the CI job, or with --lookup from the API of the host", async () => {
    const inJob = repository("ids-job", "https://github.com/acme/widgets");
    const env = {
      GITHUB_REPOSITORY: "acme/widgets",
      GITHUB_REPOSITORY_ID: "42",
      GITHUB_REPOSITORY_OWNER_ID: "7",
    };
    await cli.run(["init"], { cwd: inJob, env });
    const api = await createGateway(() => Response.json({ id: 43, owner: { id: 8 }, namespace: { id: 9 } }));
    const [github, gitlab] = [
      repository("ids-github", "https://github.com/acme/widgets"),
      repository("ids-gitlab", "https://gitlab.com/acme/widgets"),
    ];
    await cli.run(["init", "--lookup"], { cwd: github, env: { GITHUB_API_URL: api.url } });
    await cli.run(["init", "--lookup"], { cwd: gitlab, env: { CI_API_V4_URL: api.url } });
    await api.close();
    expect(api.asked()).toEqual(["GET /repos/acme/widgets", "GET /projects/acme%2Fwidgets"]);
    const match = (cwd: string) => parse(readFileSync(join(cwd, "trust.yaml"), "utf8")).policies[0].match;
    expect(match(inJob)).toMatchObject({
      "jwt.claim.repository_id": "42",
      "jwt.claim.repository_owner_id": "7",
    });
    expect(match(github)).toMatchObject({
      "jwt.claim.repository_id": "43",
      "jwt.claim.repository_owner_id": "8",
    });
    expect(match(gitlab)).toMatchObject({ "jwt.claim.project_id": "43", "jwt.claim.namespace_id": "9" });
  });

  test.each([
    ["--issuer", "http://svid.example.org"],
    ["--trust-domain", "CI.example.org"],
    ["--audience", "a, b]"],
  ])("refuses %s %s", async (flag, value) => {
    expect((await cli.run(["init", flag, value], { cwd: root })).code).toBe(2);
    expect(existsSync(join(root, "trust.yaml"))).toBe(false);
  });
});

/** A wrangler that keeps its KV in a file, and fails while the file `broken` exists. */
const FAKE_WRANGLER = `#!/bin/sh
echo "$*" >>"$STATE/calls"
if [ -e "$STATE/broken" ]; then echo "Authentication error [code: 10000]" >&2; exit 1; fi
case "$3" in
  get) if [ -e "$STATE/trust" ]; then cat "$STATE/trust"; else echo "404: Not Found" >&2; exit 1; fi ;;
  list) if [ -e "$STATE/trust" ]; then echo '[{"name":"trust"}]'; else echo '[{"name":"trust/last-good"}]'; fi ;;
  put) shift 5; cp "$1" "$STATE/trust" ;;
esac
`;

describe("apply --remote, with a wrangler that answers as for Cloudflare", () => {
  let cwd: string;
  let state: string;
  const apply = (...flags: string[]): Promise<Ended> =>
    cli.run(["apply", "--remote", ...flags], { cwd, env: { STATE: state } });
  const calls = (): string[] => readFileSync(join(state, "calls"), "utf8").trim().split("\n");

  beforeAll(async () => {
    cwd = repository("remote", "https://github.com/acme/widgets");
    state = join(root, "state");
    const bin = join(cwd, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    mkdirSync(state);
    writeFileSync(join(bin, "wrangler"), FAKE_WRANGLER);
    chmodSync(join(bin, "wrangler"), 0o755);
    for (const folder of [cwd, root])
      writeFileSync(join(folder, "wrangler.toml"), 'name = "svid-exchange"\n');
    await cli.run(["init", "--issuer", "https://svid.example.org"], { cwd });
  });

  test("a dry run changes nothing", async () => {
    const { code, stdout } = await apply("--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("dry run: nothing was applied");
    expect(existsSync(join(state, "trust"))).toBe(false);
  });

  test("the first document is put under its key, and its version and time are told", async () => {
    const { code, stdout } = await apply("--json", "--env", "production", "--config", "w.toml");
    const said = JSON.parse(stdout);
    const stored = readFileSync(join(state, "trust"), "utf8");
    expect(code).toBe(0);
    expect(stored).toBe(storedText(parse(readFileSync(join(cwd, "trust.yaml"), "utf8"))));
    expect(said).toMatchObject({
      applied: true,
      previous_version: null,
      config_version: configVersion(stored),
    });
    const wait = Date.parse(said.live_everywhere_at) - Date.now();
    expect(wait).toBeGreaterThan(60_000);
    expect(wait).toBeLessThanOrEqual(120_000);
    expect(calls().at(-1)).toMatch(
      /^kv key put trust --path \S+ --binding KV --remote --config w\.toml --env production$/,
    );
  });

  test("the same document is in force already, and is not put again", async () => {
    const puts = calls().filter((call) => call.startsWith("kv key put")).length;
    const { code, stdout } = await apply();
    expect(code).toBe(0);
    expect(stdout).toContain("in force already");
    expect(calls().filter((call) => call.startsWith("kv key put"))).toHaveLength(puts);
  });

  test("what changes is shown entry by entry", async () => {
    const path = join(cwd, "trust.yaml");
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text
        .replace("ttl: 5m", "ttl: 10m")
        .replace(
          "policies:",
          'policies:\n  - name: other\n    issuer: github\n    match: { jwt.claim.repository_id: "9", jwt.claim.repository_owner_id: "9" }\n    spiffeId: "spiffe://{{ trustDomain }}/other"\n    audiences: [https://a.example]',
        ),
    );
    const { stdout } = await apply();
    expect(stdout).toContain('~ policies[deploy].ttl: "5m" -> "10m"');
    expect(stdout).toContain('+ policies[other]: {"name":"other"');
    expect(stdout).toMatch(
      /applied: config version [0-9a-f]{16} \(replaces [0-9a-f]{16}\); live everywhere by 20/,
    );
    writeFileSync(path, text);
    const back = await apply();
    expect(back.stdout).toContain('- policies[other]: {"name":"other"');
  });

  test.each([
    ["an error", "version: 1", "version: 3", "trust.yaml:8:1: error:"],
    ["a test that fails", "environment: production", "environment: staging", "1 test of trust.yaml failed"],
  ])("a document with %s changes nothing", async (_, from, to, words) => {
    const path = join(cwd, "trust.yaml");
    const text = readFileSync(path, "utf8");
    const before = calls().length;
    writeFileSync(path, text.replace(`\n${from}`, `\n${to}`).replace(`.${from}`, `.${to}`));
    const { code, stderr } = await apply();
    writeFileSync(path, text);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(calls()).toHaveLength(before);
  });

  test("what wrangler says is passed on where it fails, and nothing is taken for absent", async () => {
    writeFileSync(join(state, "broken"), "");
    const { code, stderr } = await apply();
    rmSync(join(state, "broken"));
    expect(code).toBe(1);
    expect(stderr).toContain("Authentication error [code: 10000]");
    expect(calls().at(-1)).toContain("kv key list");
  });

  test("without wrangler it says how to get one, and without a place where to", async () => {
    const missing = await cli.run(["apply", "--remote", join(cwd, "trust.yaml")], { cwd: root });
    expect(missing.stderr).toContain("npm install --save-dev wrangler");
    expect((await cli.run(["apply", "--local", "--remote"], { cwd })).code).toBe(2);
    expect((await cli.run(["apply"], { cwd })).code).toBe(2);
  });
});

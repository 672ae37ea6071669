import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configVersion } from "../../shared/trust/document/version.ts";
import { buildCli, type Cli } from "../stage/cli.ts";
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

test("a maintainer's own loop with the real wrangler: init, a mistake, check, apply --local, a change, explain", {
  timeout: 180_000,
}, async () => {
  const cwd = createRepository(join(root, "loop"), "https://github.com/acme/widgets");
  writeFileSync(
    join(cwd, "wrangler.toml"),
    'name = "x"\ncompatibility_date = "2026-11-17"\n[[kv_namespaces]]\nbinding = "KV"\n',
  );
  symlinkSync(resolve("node_modules"), join(cwd, "node_modules"));
  // wrangler needs the pinned Node; a machine's own may be older.
  const env = {
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    WRANGLER_LOG_PATH: root,
  };
  const run = (...args: string[]): Promise<Ended> => cli.run(args, { cwd, env });
  const path = join(cwd, "trust.yaml");

  expect((await run("init")).code).toBe(0);
  const first = await run("apply", "--local");
  expect(first.stderr).toBe("");
  expect(first.stdout).toContain("+ the whole document");
  expect(first.stdout).toContain("wrangler dev reads it within 30 seconds");

  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace("jwt.claim.environment: production", "jwt.claim.enviroment: production"));
  const mistaken = await run("check");
  expect(mistaken.stdout).toMatch(/trust\.yaml:\d+:\d+: warning: .*enviroment.*did you mean/);
  const refused = await run("apply", "--local");
  expect(refused.stderr).toContain("production may deploy from main");

  writeFileSync(path, text.replaceAll('repository_id: "0"', 'repository_id: "4711"'));
  const changed = await run("apply", "--local", "--json");
  expect(JSON.parse(changed.stdout)).toMatchObject({
    applied: true,
    changes: [
      {
        kind: "changed",
        path: "policies[deploy].match.jwt.claim.repository_id",
        before: "0",
        after: "4711",
      },
    ],
  });
  const explained = await run("explain", "--fixture", "github/environment");
  expect(explained.stdout).toMatch(/✗ jwt\.claim\.repository_id +1342205517 +expected 4711/);

  const stored = execFileSync(
    join(cwd, "node_modules/.bin/wrangler"),
    ["kv", "key", "get", "trust", "--binding", "KV", "--local", "--text"],
    { cwd, env: { ...process.env, ...env }, encoding: "utf8" },
  );
  expect(configVersion(stored.trimEnd())).toBe(JSON.parse(changed.stdout).config_version);
});

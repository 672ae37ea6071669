import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Started, startProcess } from "../stage/process.ts";

const RUN = resolve("local/run.ts");
const started: Started[] = [];
afterEach(() => {
  for (const { process: run } of started.splice(0)) run.kill("SIGKILL");
});

/** Starts the local run. */
function start(args: readonly string[], cwd = process.cwd()): Started {
  const run = startProcess(process.execPath, [RUN, ...args], { cwd });
  started.push(run);
  return run;
}

describe("npm run demo", () => {
  test("shows both jobs from the asking to the verified SVID, and exits 0", async () => {
    const { code, stdout, stderr } = await start(["--exit"]).ended;
    expect(code, stderr).toBe(0);
    for (const shown of [
      /GitHub Actions\n {2}asked {6}repo:brightfen@214907733\/orders-api@1342205517:/,
      /policy {5}github-deploy/,
      /GitLab CI\n {2}asked {6}project_path:fernway\/platform\/billing:/,
      /policy {5}gitlab-deploy/,
      /"sub": "spiffe:\/\/ci\.example\.org\/gitlab\/74210093\/env\/production"/,
    ]) {
      expect(stdout).toMatch(shown);
    }
    expect(stdout.match(/verified {3}by jose, against http:\S+jwks\.json/g)).toHaveLength(2);
    // The application behind the gateway lets one job in, and neither the other nor a stranger.
    const [, called = ""] = stdout.split("behind the gateway, called by");
    expect(called.match(/answer {5}\d+/g)).toEqual(["answer     200", "answer     403", "answer     401"]);
    expect(called).toMatch(/"hello": "spiffe:\/\/ci\.example\.org\/github\/\S+\/env\/production"/);
    expect(called).toContain('"code": "application_denied"');
  }, 60_000);

  test("exits with an error where a job gets no SVID", async () => {
    const folder = mkdtempSync(join(tmpdir(), "svid-exchange-demo-"));
    for (const entry of readdirSync(".")) symlinkSync(resolve(entry), join(folder, entry));
    rmSync(join(folder, "trust.yaml"));
    const strict = readFileSync("trust.yaml", "utf8").replace(
      'repository_id: "1342205517"',
      'repository_id: "1"',
    );
    writeFileSync(join(folder, "trust.yaml"), strict);
    try {
      const { code, stderr } = await start(["--exit"], folder).ended;
      expect(code).toBe(1);
      expect(stderr).toContain("policy_denied");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

describe("npm start", () => {
  test.skipIf(!hasCurl)(
    "stays up, and every line that it prints to be pasted works",
    async () => {
      const { process: run, ended, output, says } = start([]);
      await says("/healthz");
      const lines = output.stdout.split("\n").filter((line) => /^ {2}(TOKEN=|SVID=|curl )/.test(line));
      expect(lines).toHaveLength(11);
      const script = lines
        .map((line) =>
          line.includes("http_code") ? line : line.replace("curl -sS", "curl -sS --fail-with-body"),
        )
        .join(" && echo && ");
      const pasted = await startProcess("sh", ["-c", script], {}).ended;
      expect(pasted.code, pasted.stdout).toBe(0);
      const answers = pasted.stdout.split("\n").filter((line) => line.startsWith("{"));
      const [exchanged, called, stranger, past, , jwks, bundle, health] = answers.map((line) =>
        JSON.parse(line),
      );
      expect(called).toMatchObject({ hello: exchanged.spiffe_id, roles: ["deployer"] });
      expect(stranger.code).toBe("caller_token_missing");
      expect(past.error).toBe("There is no assertion that holds.");
      expect(pasted.stdout.match(/^\d{3}$/gm)).toEqual(["401", "403"]);
      expect(exchanged.spiffe_id).toMatch(/^spiffe:\/\/ci\.example\.org\/github\//);
      expect([jwks.keys.length, bundle.keys.length, health.status]).toEqual([4, 4, "ok"]);
      run.kill("SIGTERM");
      // The local runtime ends on the signal in its own way, after it has stopped its processes: 128 + 15.
      expect([0, 143]).toContain((await ended).code);
    },
    60_000,
  );
});

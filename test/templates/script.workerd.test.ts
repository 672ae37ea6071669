import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, type CliWorld, startCliWorld } from "../stage/cli-world.ts";
import { eventually } from "../stage/eventually.ts";
import { createGateway } from "../stage/gateway.ts";
import { type Ended, startProcess } from "../stage/process.ts";
import { connectWorkloadApi, svidRequest, svidsOf } from "../stage/workload-client.ts";
import { include } from "./component.ts";

/** The shells that CI images have as `sh`. GitLab's runner starts each with `-e`. */
const SHELLS = [
  { name: "dash", program: "dash", args: ["-e"] },
  { name: "busybox sh", program: "busybox", args: ["sh", "-e"] },
  { name: "bash as sh", program: "bash", args: ["--posix", "-e", "-o", "pipefail"] },
] as const;

let world: CliWorld;
let jobs: string;
beforeAll(async () => {
  world = await startCliWorld();
  jobs = mkdtempSync(join(tmpdir(), "svid-gitlab-"));
});
afterAll(async () => {
  await world.close();
  rmSync(jobs, { recursive: true, force: true });
});

function isInstalled(program: string): boolean {
  return spawnSync(program, ["-c", "true"]).error === undefined;
}

/** The programs of an image, and no other. */
function image(name: string, programs: readonly string[]): string {
  const folder = join(jobs, name);
  mkdirSync(folder, { recursive: true });
  for (const program of programs) {
    const found = spawnSync("which", [program], { encoding: "utf8" }).stdout.trim();
    if (!existsSync(join(folder, program))) symlinkSync(found, join(folder, program));
  }
  return folder;
}

/** A `curl` that calls the real one with these words, after a line of its own. */
function installCurl(folder: string, words: string, before = ":"): void {
  const real = spawnSync("which", ["curl"], { encoding: "utf8" }).stdout.trim();
  const path = join(folder, "curl");
  writeFileSync(path, `#!/bin/sh\n${before}\nexec ${real} ${words}\n`);
  chmodSync(path, 0o755);
}

const POSIX = ["sh", "cat", "mkdir", "mv", "printf", "rm", "sed", "tail", "tr"];

/** The programs of an image that has the CLI, too. */
function cliImage(): string {
  const programs = image("cli-image", [...POSIX, "node", "sleep"]);
  const cli = join(programs, "svid-exchange");
  writeFileSync(cli, `#!/bin/sh\nexec "${process.execPath}" "${world.cli.bundle}" "$@"\n`);
  chmodSync(cli, 0o755);
  return programs;
}

interface JobRun extends Ended {
  readonly file: string;
  /** What the job's folder for temporary files holds at the end. */
  readonly left: readonly string[];
}

let count = 0;

/** Runs `before_script` and then a script of the job's own, as GitLab's runner does. */
async function runJob(
  shell: (typeof SHELLS)[number],
  inputs: Readonly<Record<string, string>>,
  options: {
    readonly token?: string;
    readonly path?: string;
    readonly script?: string;
    readonly env?: Record<string, string>;
    /** What an earlier job has left beside the checkout, given the path of the SVID's file. */
    readonly left?: (file: string) => void;
  } = {},
): Promise<JobRun> {
  const { job } = include({ "exchange-url": world.url, audience: AUDIENCE, ...inputs });
  count += 1;
  const project = join(jobs, `project-${count}`);
  mkdirSync(project);
  const variables = Object.fromEntries(
    Object.entries(job.variables).map(([name, value]) => [
      name,
      value.replace(/\$\{CI_PROJECT_DIR\}/, project),
    ]),
  );
  options.left?.(Object.values(variables)[0] ?? "");
  const script = join(jobs, `script-${count}.sh`);
  writeFileSync(script, [...job.before_script, options.script ?? 'echo "script runs"'].join("\n"));
  const path = options.path ?? image("curl-image", [...POSIX, "curl"]);
  const found = spawnSync("which", [shell.program], { encoding: "utf8" }).stdout.trim();
  const ended = await startProcess(found, [...shell.args, script], {
    cwd: project,
    env: {
      PATH: path,
      CI_PROJECT_DIR: project,
      SVID_EXCHANGE_ID_TOKEN: options.token ?? (await world.gitlabToken()),
      ...variables,
      ...options.env,
    },
  }).ended;
  const file = Object.values(variables)[0] ?? "";
  const folder = `${project}.tmp`;
  return { ...ended, file, left: existsSync(folder) ? readdirSync(folder) : [] };
}

describe.each(SHELLS)("in $name", (shell) => {
  const test_ = isInstalled(shell.program) ? test : test.skip;
  if (!isInstalled(shell.program)) console.warn(`${shell.program} is not installed: its tests are skipped`);

  test_("curl gets the SVID into a file of the job's user alone", async () => {
    const token = await world.gitlabToken();
    const { code, stdout, stderr, file, left } = await runJob(shell, {}, { token });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "script runs\n" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, "..")).mode & 0o077).toBe(0);
    const svid = readFileSync(file, "utf8");
    expect(decodeJwt(svid)).toMatchObject({
      sub: "spiffe://ci.example.org/gitlab/74210093/env/production",
      aud: AUDIENCE,
    });
    expect(left).toEqual(["SVID_FILE.jwt"]);
    expect(stderr).toContain("svid-exchange: spiffe://ci.example.org/gitlab/74210093/env/production for");
    for (const part of [token, svid]) expect(stderr).not.toContain(part.slice(0, 40));
  });

  test_("the CLI gets it where the image has the CLI", async () => {
    const programs = cliImage();
    const { code, file, stderr, left } = await runJob(shell, { policy: "gitlab-deploy" }, { path: programs });
    expect({ code, left }).toEqual({ code: 0, left: ["SVID_FILE.jwt"] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(decodeJwt(readFileSync(file, "utf8")).aud).toBe(AUDIENCE);
    expect(stderr).not.toMatch(/eyJ[A-Za-z0-9_-]{20}/);
  });

  describe("workload-api", () => {
    test_(
      "serves SPIFFE programs until the shell of the job ends, and after_script shows the log",
      async () => {
        const mark = join(jobs, `served-${shell.program}`);
        const script = `printf %s "$SPIFFE_ENDPOINT_SOCKET" >${mark}; while [ ! -e ${mark}.done ]; do sleep 1; done`;
        const token = await world.gitlabToken();
        const running = runJob(
          shell,
          { audience: "", "workload-api": "true" },
          { token, path: cliImage(), script },
        );
        await eventually(() => existsSync(mark) && readFileSync(mark, "utf8") !== "");
        const endpoint = readFileSync(mark, "utf8");
        const client = await connectWorkloadApi(endpoint);
        const fetched = await client.call("FetchJWTSVID", { message: svidRequest([AUDIENCE]) });
        const [issued] = svidsOf(fetched.messages[0] ?? new Uint8Array());
        expect(issued?.spiffeId).toBe("spiffe://ci.example.org/gitlab/74210093/env/production");
        writeFileSync(`${mark}.done`, "");
        const { code, stderr, left, file } = await running;
        expect({ code, stderr, left }).toEqual({ code: 0, stderr: "", left: ["SVID_FILE.jwt.api"] });
        await eventually(() => !existsSync(endpoint.replace("unix://", "")));

        const { job } = include({ "exchange-url": world.url, "workload-api": "true" });
        const found = spawnSync("which", [shell.program], { encoding: "utf8" }).stdout.trim();
        const after = await startProcess(found, [...shell.args, "-c", job.after_script.join("\n")], {
          env: { SVID_FILE: file },
        }).ended;
        expect(after.stdout).toContain(
          `spiffe://ci.example.org/gitlab/74210093/env/production for ${AUDIENCE}`,
        );
        expect(after.stdout).not.toContain(token.slice(0, 40));
        expect(readdirSync(join(file, ".."))).toEqual([]);
      },
    );

    test_(
      "fails where the image has no CLI, where an audience is set, and where it cannot start",
      async () => {
        const api = { "workload-api": "true" };
        const curl = await runJob(shell, { ...api, audience: "" });
        expect(curl.stderr).toContain("the image has no CLI, and the Workload API needs it");
        const audience = await runJob(shell, api, { path: cliImage() });
        expect(audience.stderr).toContain("audience and workload-api exclude each other");
        const page = await createGateway(() => new Response("<html>", { status: 404 }));
        const html = await runJob(
          shell,
          { ...api, audience: "", "exchange-url": page.url },
          { path: cliImage() },
        );
        await page.close();
        expect(html.stderr).toContain("the Workload API did not start");
        expect([curl.code, audience.code, html.code]).toEqual([1, 1, 1]);
      },
    );
  });

  test_("what the job sets outlives the exchange, and tracing is never on within it", async () => {
    const script = 'umask; case $- in *u*) echo unset;; esac; set -- "$@"; echo "args $#"';
    const traced = await runJob(shell, {}, { script: `set -x\n${script}`, env: { CI_DEBUG_TRACE: "true" } });
    expect(traced.stdout).toContain("0022");
    expect(traced.stdout).toContain("args 0");
    expect(traced.stdout).not.toContain("unset");
    expect(traced.stderr).toContain("CI_DEBUG_TRACE writes all variables");
  });

  describe("links that an earlier job has left", () => {
    const kept = (name: string): string => {
      const folder = join(jobs, `kept-${shell.program}-${name}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "precious"), "precious");
      return folder;
    };

    test_("at the SVID's file and at the script's own files are taken away, not followed", async () => {
      const folder = kept("files");
      const { code, file, left } = await runJob(
        shell,
        {},
        {
          left: (path) => {
            mkdirSync(join(path, ".."));
            symlinkSync(folder, path);
            symlinkSync(folder, `${path}.work`);
            symlinkSync(join(folder, "precious"), `${path}.response`);
            symlinkSync(join(folder, "precious"), `${path}.new`);
          },
        },
      );
      expect(code).toBe(0);
      expect(statSync(file).isFile()).toBe(true);
      expect([...left].sort()).toEqual(["SVID_FILE.jwt", "SVID_FILE.jwt.new", "SVID_FILE.jwt.response"]);
      expect(readdirSync(folder)).toEqual(["precious"]);
      expect(readFileSync(join(folder, "precious"), "utf8")).toBe("precious");
    });

    test_("at the folder end the job", async () => {
      const folder = kept("folder");
      const { code, stderr } = await runJob(
        shell,
        {},
        { left: (path) => symlinkSync(folder, join(path, "..")) },
      );
      expect(code).toBe(1);
      expect(stderr).toContain("is a link, which another job may have put there");
      expect(readdirSync(folder)).toEqual(["precious"]);
    });
  });

  test_("a job that is traced shows no token", async () => {
    const token = await world.gitlabToken();
    const { job } = include({ "exchange-url": world.url, audience: AUDIENCE });
    const found = spawnSync("which", [shell.program], { encoding: "utf8" }).stdout.trim();
    const project = join(jobs, `traced-${shell.program}`);
    const args = [...shell.args, "-c", `set -x\n${job.before_script.join("\n")}`];
    const env = { SVID_EXCHANGE_ID_TOKEN: token, SVID_FILE: `${project}/svid`, CI_PROJECT_DIR: project };
    const { code, stderr } = await startProcess(found, args, { env }).ended;
    expect(code).toBe(0);
    expect(stderr).not.toContain(token.slice(0, 40));
    expect(stderr).not.toContain(readFileSync(`${project}/svid`, "utf8").slice(0, 60));
  });

  test_("a refusal fails the job with the code, this job's own claims and the page", async () => {
    const token = await world.gitlabToken({ ref_protected: "false" });
    const { code, stdout, stderr, left } = await runJob(shell, {}, { token });
    expect({ code, stdout, left }).toEqual({ code: 1, stdout: "", left: [] });
    expect(stderr).toContain("the exchange refused the request (policy_denied)");
    expect(stderr).toContain('"attribute":"jwt.claim.ref_protected","value":"false"');
    expect(stderr).toContain("docs/reference/errors.md#policy_denied");
    expect(stderr).toMatch(/request_id [0-9a-f-]{36}/);
  });

  test_("a refused audience, a used token and a missing token fail it, too", async () => {
    const audience = await runJob(shell, { audience: "https://else.example" });
    expect(audience.stderr).toContain("(audience_refused)");
    const token = await world.gitlabToken();
    await runJob(shell, {}, { token });
    const again = await runJob(shell, {}, { token });
    expect(again.stderr).toContain("(token_replayed)");
    const missing = await runJob(shell, {}, { token: "" });
    expect(missing.stderr).toContain(
      "Let the job extend .svid-exchange, or declare SVID_EXCHANGE_ID_TOKEN in its id_tokens",
    );
    expect([audience.code, again.code, missing.code]).toEqual([1, 1, 1]);
  });

  test_("a failed exchange leaves the SVID that was there before as it was", async () => {
    const folder = join(jobs, `project-${count + 1}.tmp`);
    mkdirSync(folder);
    writeFileSync(join(folder, "SVID_FILE.jwt"), "the last one");
    const { code, left } = await runJob(shell, { audience: "https://else.example" });
    expect({ code, left }).toEqual({ code: 1, left: ["SVID_FILE.jwt"] });
    expect(readFileSync(join(folder, "SVID_FILE.jwt"), "utf8")).toBe("the last one");
  });

  test_("what is no exchange, and what can't be reached, is told apart", async () => {
    const page = await createGateway(() => new Response("<html>", { status: 404 }));
    const html = await runJob(shell, { "exchange-url": page.url });
    await page.close();
    expect(html.stderr).toContain("returned status 404 and not the response of an exchange");
    const impatient = image("impatient-image", POSIX);
    installCurl(impatient, '"$@" --retry 0');
    const gone = await runJob(shell, { "exchange-url": page.url }, { path: impatient });
    expect(gone.stderr).toContain("could not be reached (curl exit code 7)");
    expect([html.code, gone.code]).toEqual([1, 1]);
  });

  test_.each(["auto", "curl"])("with method %s, an image without curl says what to add", async (method) => {
    const { code, stderr } = await runJob(shell, { method }, { path: image("bare-image", POSIX) });
    expect(code).toBe(1);
    expect(stderr).toContain("the image has no curl.");
    expect(stderr).toContain("apk add curl");
  });

  test_("with method curl, an image that has the CLI alone is not said to lack the CLI", async () => {
    const programs = image("uncurled-image", POSIX);
    writeFileSync(join(programs, "svid-exchange"), "#!/bin/sh\n", { mode: 0o755 });
    const { code, stderr } = await runJob(shell, { method: "curl" }, { path: programs });
    expect(code).toBe(1);
    expect(stderr).toContain("the image has no curl.");
  });

  test_("an exchange that is down for a moment is asked again", async () => {
    let asked = 0;
    const flaky = await createGateway(() => {
      asked += 1;
      if (asked === 1) return new Response("down", { status: 503, headers: { "retry-after": "1" } });
      return Response.json(
        { error: "invalid_request", code: "token_expired", request_id: "r", error_description: "Late." },
        { status: 400 },
      );
    });
    const { stderr } = await runJob(shell, { "exchange-url": flaky.url });
    await flaky.close();
    expect(asked).toBe(2);
    expect(stderr).toContain("the exchange refused the request (token_expired): Late.");
  });

  test_("the token is in no program's arguments", async () => {
    const programs = image("spy-image", POSIX);
    installCurl(programs, '"$@"', `printf '%s\\n' "$@" >>"${jobs}/arguments"`);
    const token = await world.gitlabToken();
    const { code } = await runJob(shell, {}, { token, path: programs });
    expect(code).toBe(0);
    const seen = readFileSync(join(jobs, "arguments"), "utf8");
    expect(seen).toContain(`audience=${AUDIENCE}`);
    expect(seen).not.toContain(token.slice(0, 40));
  });
});

test("the script of docs/how-to/curl.md gets an SVID, too", async () => {
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(readFileSync("docs/how-to/curl.md", "utf8")) ?? [];
  const script = block.replace("exchange=https://svid.example.org", `exchange=${world.url}`);
  const cwd = mkdtempSync(join(jobs, "curl-"));
  const env = { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken() };
  const { code, stdout, stderr } = await startProcess("sh", ["-ec", script], { cwd, env }).ended;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(readdirSync(cwd)).toEqual(["svid.jwt"]);
  expect(statSync(join(cwd, "svid.jwt")).mode & 0o777).toBe(0o600);
  expect(decodeJwt(readFileSync(join(cwd, "svid.jwt"), "utf8").trim()).aud).toBe(AUDIENCE);
});

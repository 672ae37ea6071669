import { execFile } from "node:child_process";
import { type Environment, variable } from "../../shared/client/environment.ts";
import type { FailedAttempt } from "../../shared/client/retry.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import { printable } from "../terminal/paint.ts";
import { final, passing, type TokenOrigin } from "./origin.ts";

/** A CI system that gives ID tokens through a program of its own, on the PATH of every job. */
interface TokenProgram {
  readonly ci: string;
  /** Set in each of its jobs. */
  readonly mark: string;
  readonly program: string;
  readonly args: (audience: string) => readonly string[];
  /** The job's ready-made token, for images without the program; its audience can't be chosen. */
  readonly fallback?: string;
}

export const TOKEN_PROGRAMS: readonly TokenProgram[] = [
  {
    ci: "CircleCI",
    mark: "CIRCLECI",
    program: "circleci",
    args: (audience) => ["run", "oidc", "get", "--claims", JSON.stringify({ aud: audience })],
    fallback: "CIRCLE_OIDC_TOKEN_V2",
  },
  {
    ci: "Buildkite",
    mark: "BUILDKITE",
    program: "buildkite-agent",
    args: (audience) => ["oidc", "request-token", "--audience", audience],
  },
];

/** Each program's answer is one token on one line. */
const MAX_OUTPUT_BYTES = 64 * 1024;

export function programOrigin(env: Environment, audience: string): TokenOrigin | undefined {
  const row = TOKEN_PROGRAMS.find(({ mark }) => variable(env, mark) !== undefined);
  if (row === undefined) return undefined;
  return {
    name: `${row.ci}'s ${row.program}`,
    renewable: true,
    get: (signal) => runProgram(row, audience, env, signal),
  };
}

function runProgram(
  row: TokenProgram,
  audience: string,
  env: Environment,
  signal: AbortSignal,
): Promise<Result<string, FailedAttempt<Failure>>> {
  const options = { env: { ...env }, signal, maxBuffer: MAX_OUTPUT_BYTES, encoding: "utf8" } as const;
  return new Promise((resolve) => {
    execFile(row.program, row.args(audience), options, (error, stdout, stderr) => {
      const token = stdout.trim();
      if (error === null && token !== "") return resolve(ok(token));
      return resolve(isMissing(error) ? readyMade(row, env) : passing(unwilling(row, stderr)));
    });
  });
}

function readyMade(row: TokenProgram, env: Environment): Result<string, FailedAttempt<Failure>> {
  const token = row.fallback === undefined ? undefined : variable(env, row.fallback);
  if (token !== undefined) return ok(token);
  return final(
    failed(
      "id_token_unavailable",
      `This is a job of ${row.ci}, but there is no \`${row.program}\` on its PATH to ask for an ID token.`,
      `Use an image that has it, or pass a token with --token-env or --token-file.`,
    ),
  );
}

function unwilling(row: TokenProgram, stderr: string): Result<never, Failure> {
  const said = stderr.trim().split("\n").slice(-5).map(printable);
  return failed(
    "id_token_unavailable",
    `\`${row.program}\` gave no ID token.`,
    `Run the same command in the job to see why: ${[row.program, ...row.args("AUDIENCE")].join(" ")} > /dev/null`,
    said,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

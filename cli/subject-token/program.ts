import { execFile } from "node:child_process";
import { type Environment, variable } from "../../shared/client/environment.ts";
import type { FailedAttempt } from "../../shared/client/retry.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import { final, type TokenOrigin, temporary } from "./origin.ts";

/** A CI system whose jobs get ID tokens from a program on their PATH. */
interface TokenProgram {
  readonly ci: string;
  /** An environment variable that every job of this CI system has. */
  readonly jobVariable: string;
  readonly program: string;
  readonly args: (audience: string) => readonly string[];
  /** An environment variable with a token of a fixed audience, for images without the program. */
  readonly fallbackVariable?: string;
}

export const TOKEN_PROGRAMS: readonly TokenProgram[] = [
  {
    ci: "CircleCI",
    jobVariable: "CIRCLECI",
    program: "circleci",
    args: (audience) => ["run", "oidc", "get", "--claims", JSON.stringify({ aud: audience })],
    fallbackVariable: "CIRCLE_OIDC_TOKEN_V2",
  },
  {
    ci: "Buildkite",
    jobVariable: "BUILDKITE",
    program: "buildkite-agent",
    args: (audience) => ["oidc", "request-token", "--audience", audience],
  },
];

/** A program prints one token on one line. */
const MAX_OUTPUT_BYTES = 64 * 1024;

export function programOrigin(env: Environment, audience: string): TokenOrigin | undefined {
  const row = TOKEN_PROGRAMS.find(({ jobVariable }) => variable(env, jobVariable) !== undefined);
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
      return resolve(isMissing(error) ? fallbackToken(row, env) : temporary(programFailure(row, stderr)));
    });
  });
}

function fallbackToken(row: TokenProgram, env: Environment): Result<string, FailedAttempt<Failure>> {
  const token = row.fallbackVariable === undefined ? undefined : variable(env, row.fallbackVariable);
  if (token !== undefined) return ok(token);
  return final(
    failed(
      "id_token_unavailable",
      `This job of ${row.ci} has no \`${row.program}\` on its PATH, which gives ID tokens.`,
      "Use an image with this program, or give the ID token with --token-env or --token-file.",
    ),
  );
}

function programFailure(row: TokenProgram, stderr: string): Result<never, Failure> {
  const output = stderr.trim().split("\n").slice(-5).map(printable);
  return failed(
    "id_token_unavailable",
    `\`${row.program}\` printed no ID token.`,
    `Run the same command in the job to see why: ${[row.program, ...row.args("AUDIENCE")].join(" ")} > /dev/null`,
    output,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

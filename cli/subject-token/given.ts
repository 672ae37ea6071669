import { type Environment, variable } from "../../shared/client/environment.ts";
import type { FailedAttempt } from "../../shared/client/retry.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import { readTextFile } from "../text-file.ts";
import { final, type TokenOrigin } from "./origin.ts";

/** The variable that is read without --token-env. The GitLab component (templates/) declares it. */
export const DEFAULT_TOKEN_VARIABLE = "SVID_EXCHANGE_ID_TOKEN";

/** A token in an environment variable. GitLab writes it once, when the job starts. */
export function variableOrigin(env: Environment, name: string): TokenOrigin {
  const token = variable(env, name);
  const absent = failed(
    "id_token_unavailable",
    `The environment variable ${printable(name)} is not set, or it is empty.`,
    ["In GitLab CI/CD, declare it in the job:", ...gitlabIdTokens(name, "https://YOUR-EXCHANGE")],
  );
  return {
    name: `the variable ${name}`,
    renewable: false,
    get: async () => (token === undefined ? final(absent) : ok(token)),
  };
}

/** A token in a file. Each exchange reads it again, because Kubernetes renews a projected token in its file. */
export function fileOrigin(path: string, cwd: string): TokenOrigin {
  return { name: `the file ${path}`, renewable: true, get: async () => readToken(path, cwd) };
}

/** A token on standard input, which can be read only once. */
export function stdinOrigin(readStdin: () => Promise<string>): TokenOrigin {
  const empty = failed(
    "id_token_unavailable",
    "Standard input is empty.",
    "Write the job's ID token to standard input, for example: print-token | svid-exchange fetch --token-file - …",
  );
  let once: Promise<string> | undefined;
  const get = async (): Promise<Result<string, FailedAttempt<Failure>>> => {
    once ??= readStdin();
    const token = (await once).trim();
    return token === "" ? final(empty) : ok(token);
  };
  return { name: "standard input", renewable: false, get };
}

/** The lines that declare an ID token in a job of .gitlab-ci.yml. */
export function gitlabIdTokens(name: string, audience: string): readonly string[] {
  return ["  id_tokens:", `    ${name}:`, `      aud: ${audience}`];
}

function readToken(path: string, cwd: string): Result<string, FailedAttempt<Failure>> {
  const text = readTextFile(path, cwd);
  if (!text.ok) return unreadable(`The token file ${printable(path)} could not be read (${text.error}).`);
  const token = text.value.trim();
  return token === "" ? unreadable(`The token file ${printable(path)} is empty.`) : ok(token);
}

function unreadable(message: string): Result<never, FailedAttempt<Failure>> {
  return final(
    failed(
      "id_token_unavailable",
      message,
      "Give --token-file the path of a file that holds the job's ID token.",
    ),
  );
}

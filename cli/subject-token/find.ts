import { type Environment, variable } from "../../shared/client/environment.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { DEFAULT_TOKEN_VARIABLE, fileOrigin, gitlabIdTokens, stdinOrigin, variableOrigin } from "./given.ts";
import type { TokenOrigin } from "./origin.ts";
import { programOrigin } from "./program.ts";
import { serviceOrigin } from "./service.ts";

export interface TokenChoice {
  readonly tokenEnv?: string;
  /** A path, or `-` for standard input. */
  readonly tokenFile?: string;
  /** The audience that the subject token must carry. */
  readonly audience: string;
}

type FindPorts = Pick<Ports, "cwd" | "env" | "fetch" | "nowMs" | "readStdin">;

/** Finds the ID token where the flags say, or by the CI system of the job. Reads no file and sends no request. */
export function findTokenOrigin(choice: TokenChoice, ports: FindPorts): Result<TokenOrigin, Failure> {
  const { env } = ports;
  if (choice.tokenEnv !== undefined && choice.tokenFile !== undefined) {
    return misused("Give at most one of --token-env and --token-file.", "Leave out one of the two.");
  }
  if (choice.tokenFile === "-") return ok(stdinOrigin(ports.readStdin));
  if (choice.tokenFile !== undefined) return ok(fileOrigin(choice.tokenFile, ports.cwd));
  if (choice.tokenEnv !== undefined) return ok(variableOrigin(env, choice.tokenEnv));
  if (variable(env, DEFAULT_TOKEN_VARIABLE) !== undefined) {
    return ok(variableOrigin(env, DEFAULT_TOKEN_VARIABLE));
  }
  const found = serviceOrigin(choice.audience, ports) ?? programOrigin(env, choice.audience);
  return found === undefined ? tokenMissing(env, choice.audience) : ok(found);
}

interface MissingToken {
  /** An environment variable that every job of this CI system has. */
  readonly jobVariable: string;
  readonly message: string;
  readonly next: (audience: string) => readonly string[];
}

/** The CI systems that give a job an ID token only where the job declares it, and how it does so. */
const MISSING: readonly MissingToken[] = [
  {
    jobVariable: "GITHUB_ACTIONS",
    message:
      "This GitHub Actions job has no permission to get an ID token: ACTIONS_ID_TOKEN_REQUEST_URL is not set.",
    next: () => [
      "Give the job this permission. The caller of a reusable workflow needs it, too:",
      "  permissions:",
      "    id-token: write",
      "    contents: read",
      "GitHub gives a pull request from a fork no ID token. Run this step on push, or after the merge.",
    ],
  },
  {
    jobVariable: "GITLAB_CI",
    message: `This GitLab job has no ID token: the variable ${DEFAULT_TOKEN_VARIABLE} is not set.`,
    next: (audience) => [
      "Declare it in the job, or give --token-env the name of your own variable:",
      ...gitlabIdTokens(DEFAULT_TOKEN_VARIABLE, audience),
    ],
  },
  {
    jobVariable: "TF_BUILD",
    message: "This Azure DevOps step has no permission to get an ID token: SYSTEM_ACCESSTOKEN is not set.",
    next: () => ["Add it to the env of the step:", "  env:", "    SYSTEM_ACCESSTOKEN: $(System.AccessToken)"],
  },
];

function tokenMissing(env: Environment, audience: string): Result<never, Failure> {
  const row = MISSING.find(({ jobVariable }) => variable(env, jobVariable) !== undefined);
  if (row !== undefined) return failed("id_token_unavailable", row.message, row.next(audience));
  return failed(
    "id_token_unavailable",
    "There is no ID token: this is not a job of GitHub Actions, GitLab, CircleCI, Buildkite or Azure DevOps.",
    [
      "Give --token-env NAME if an environment variable holds the job's ID token, or",
      "give --token-file FILE if a file holds it; --token-file - reads standard input.",
    ],
  );
}

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

type FindPorts = Pick<Ports, "cwd" | "env" | "fetch" | "nowMs" | "userAgent" | "readStdin">;

/** What the user named, or else the first CI system that the environment shows. */
export function findTokenOrigin(choice: TokenChoice, ports: FindPorts): Result<TokenOrigin, Failure> {
  const { env } = ports;
  if (choice.tokenEnv !== undefined && choice.tokenFile !== undefined) {
    return misused("--token-env and --token-file were both given.", "Name one place where the ID token is.");
  }
  if (choice.tokenFile === "-") return ok(stdinOrigin(ports.readStdin));
  if (choice.tokenFile !== undefined) return ok(fileOrigin(choice.tokenFile, ports.cwd));
  if (choice.tokenEnv !== undefined) return ok(variableOrigin(env, choice.tokenEnv));
  if (variable(env, DEFAULT_TOKEN_VARIABLE) !== undefined) {
    return ok(variableOrigin(env, DEFAULT_TOKEN_VARIABLE));
  }
  const found = serviceOrigin(choice.audience, ports) ?? programOrigin(env, choice.audience);
  return found === undefined ? nothingFound(env, choice.audience) : ok(found);
}

interface Missing {
  /** The variable that each job of this CI system has. */
  readonly mark: string;
  readonly message: string;
  readonly next: (audience: string) => readonly string[];
}

/** The CI systems whose jobs get an ID token only when they ask for it, and how they ask. */
const MISSING: readonly Missing[] = [
  {
    mark: "GITHUB_ACTIONS",
    message: "This GitHub Actions job may not ask for an ID token: ACTIONS_ID_TOKEN_REQUEST_URL is not set.",
    next: () => [
      "Give the job the permission (a reusable workflow needs it in its caller, too):",
      "  permissions:",
      "    id-token: write",
      "    contents: read",
      "A pull request from a fork never gets one: run this step on push, or after the merge.",
    ],
  },
  {
    mark: "GITLAB_CI",
    message: `This GitLab job has no ID token: the variable ${DEFAULT_TOKEN_VARIABLE} is not set.`,
    next: (audience) => [
      "Declare it in the job (or name your own with --token-env):",
      ...gitlabIdTokens(DEFAULT_TOKEN_VARIABLE, audience),
    ],
  },
  {
    mark: "TF_BUILD",
    message: "This Azure DevOps step can't ask for an ID token: SYSTEM_ACCESSTOKEN is not set.",
    next: () => ["Map it in the step:", "  env:", "    SYSTEM_ACCESSTOKEN: $(System.AccessToken)"],
  },
];

function nothingFound(env: Environment, audience: string): Result<never, Failure> {
  const row = MISSING.find(({ mark }) => variable(env, mark) !== undefined);
  if (row !== undefined) return failed("id_token_unavailable", row.message, row.next(audience));
  return failed(
    "id_token_unavailable",
    "No ID token: this is no job of GitHub Actions, GitLab, CircleCI, Buildkite or Azure DevOps.",
    "Name the place where the job's ID token is: --token-env NAME, --token-file FILE, or --token-file - for standard input.",
  );
}

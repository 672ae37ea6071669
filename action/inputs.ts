import { type ExchangeUrl, parseExchangeUrl } from "../shared/client/exchange-url.ts";
import { parseDuration } from "../shared/duration.ts";
import { err, ok, type Result } from "../shared/result.ts";

/** The inputs of `action.yml`, read once. */
export interface Inputs {
  readonly exchangeUrl: ExchangeUrl;
  readonly audience?: string;
  readonly policy?: string;
  readonly tokenAudience: string;
  readonly svidFile?: string;
  readonly exportEnv?: string;
  readonly dryRun: boolean;
  readonly verify: boolean;
  readonly timeoutMs: number;
  /** Whether the SVID in the file is renewed until the job ends. */
  readonly renew: boolean;
  /** Where the Workload API is until the job ends; absent: nowhere. */
  readonly workloadApi?: WorkloadApiPlace;
}

export type WorkloadApiPlace =
  /** Any free port of 127.0.0.1. */
  | { readonly kind: "tcp" }
  /** `path`: absent for a socket in a new folder. */
  | { readonly kind: "socket"; readonly path?: string };

export type InputName =
  | "exchange-url"
  | "audience"
  | "policy"
  | "token-audience"
  | "svid-file"
  | "export-env"
  | "dry-run"
  | "verify"
  | "timeout"
  | "renew"
  | "workload-api"
  | "socket"
  | "tcp";

export interface InputProblem {
  readonly input: InputName;
  /** A sentence that goes on after the input's name. Never holds the value. */
  readonly problem: string;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["", false],
  ["false", false],
  ["true", true],
]);

/** A variable that later steps read as something else than a path: the runner's own, or the program loader's. */
const RESERVED_VARIABLE =
  /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE|LD|DYLD|NODE)_|^(PATH|HOME|SHELL|IFS|CI|BASH_ENV|ENV)$/i;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

const MIN_TIMEOUT_S = 1;
const MAX_TIMEOUT_S = 3600;

/** A job that only serves SPIFFE programs needs no file. */
export function wantsFile({ workloadApi, renew, audience, svidFile, exportEnv }: Inputs): boolean {
  const isAsked = renew || [audience, svidFile, exportEnv].some((value) => value !== undefined);
  return workloadApi === undefined || isAsked;
}

type GetInput = (name: InputName) => string;

/**
 * Reads all inputs.
 *
 * @param get gives an input's text, trimmed and empty where it is not set, as `core.getInput` does.
 * @param platform as `process.platform` names it.
 * @returns the inputs, or every problem at once.
 */
export function readInputs(get: GetInput, platform: string): Result<Inputs, readonly InputProblem[]> {
  const problems: InputProblem[] = [];
  const read = <T>(input: InputName, parse: (text: string) => Result<T, string>): T | undefined => {
    const parsed = parse(get(input));
    if (parsed.ok) return parsed.value;
    problems.push({ input, problem: parsed.error });
    return undefined;
  };
  const exchangeUrl = read("exchange-url", exchangeUrlOf);
  const exportEnv = read("export-env", variableOf);
  const dryRun = read("dry-run", booleanOf);
  const verify = read("verify", booleanOf);
  const timeoutMs = read("timeout", timeoutOf);
  const renew = read("renew", booleanOf);
  const workloadApi = read("workload-api", booleanOf);
  const tcp = read("tcp", booleanOf);
  const complete = exchangeUrl !== undefined && dryRun !== undefined && verify !== undefined;
  const isJudged = renew !== undefined && workloadApi !== undefined && tcp !== undefined;
  if (!complete || !isJudged || timeoutMs === undefined) return err(problems);
  const switches = { dryRun, renew, workloadApi, tcp };
  problems.push(...contradictions(switches, get("socket"), platform));
  if (problems.length > 0) return err(problems);
  return ok({
    exchangeUrl,
    ...optional("audience", get("audience")),
    ...optional("policy", get("policy")),
    tokenAudience: get("token-audience") || exchangeUrl,
    ...optional("svidFile", get("svid-file")),
    ...optional("exportEnv", exportEnv ?? ""),
    dryRun,
    verify,
    timeoutMs,
    renew,
    ...(workloadApi ? { workloadApi: placeOf(tcp, get("socket")) } : {}),
  });
}

type Switches = Readonly<Record<"dryRun" | "renew" | "workloadApi" | "tcp", boolean>>;

/** What each input means alone, but not beside another one. */
function contradictions(
  { dryRun, renew, workloadApi, tcp }: Switches,
  socket: string,
  platform: string,
): readonly InputProblem[] {
  const rules: readonly (readonly [broken: boolean, input: InputName, problem: string])[] = [
    [renew && dryRun, "renew", "is true and so is dry-run, which gets no SVID: leave out one of the two"],
    [workloadApi && dryRun, "workload-api", "is true and so is dry-run: leave out one of the two"],
    [tcp && !workloadApi, "tcp", "is true without workload-api: set workload-api to true, too"],
    [socket !== "" && !workloadApi, "socket", "is set without workload-api: set workload-api to true, too"],
    [socket !== "" && tcp, "socket", "is set and tcp is true: leave out one of the two"],
    [
      workloadApi && !tcp && platform === "win32",
      "workload-api",
      "is true on Windows, where SPIFFE programs have no sockets: set tcp to true, too",
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, input, problem]) => ({ input, problem }));
}

function placeOf(tcp: boolean, socket: string): WorkloadApiPlace {
  return tcp ? { kind: "tcp" } : { kind: "socket", ...optional("path", socket) };
}

function exchangeUrlOf(text: string): Result<ExchangeUrl, string> {
  if (text === "") return err("is missing: set it to the URL of your exchange");
  const url = parseExchangeUrl(text);
  return url.ok ? url : err(`cannot be used: ${url.error}`);
}

function variableOf(text: string): Result<string, string> {
  if (text === "") return ok("");
  if (!VARIABLE.test(text)) return err("is not the name of an environment variable");
  if (RESERVED_VARIABLE.test(text))
    return err("names a variable that has another meaning; choose your own name");
  return ok(text);
}

function booleanOf(text: string): Result<boolean, string> {
  const value = BOOLEANS.get(text.toLowerCase());
  return value === undefined ? err("is neither true nor false") : ok(value);
}

function timeoutOf(text: string): Result<number, string> {
  const seconds = parseDuration(text === "" ? "1m" : text);
  if (seconds === undefined) return err("is not a duration such as 30s or 2m");
  if (seconds < MIN_TIMEOUT_S || seconds > MAX_TIMEOUT_S) return err("is not between 1s and 1h");
  return ok(seconds * 1000);
}

function optional<Name extends string>(name: Name, value: string): { [key in Name]?: string } {
  return (value === "" ? {} : { [name]: value }) as { [key in Name]?: string };
}

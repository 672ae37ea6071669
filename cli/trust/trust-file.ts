import { err, ok, type Result } from "../../shared/result.ts";
import { compileTrust, type Problem, type TrustConfig } from "../../shared/trust/compile/trust.ts";
import { type Position, parseTrustYaml, type TrustYaml } from "../../shared/trust/document/yaml.ts";
import { lintTrust } from "../../shared/trust/lint/lint.ts";
import { type Failure, failed } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type Paint, printable } from "../terminal/paint.ts";
import { readTextFile } from "../text-file.ts";

export const DEFAULT_TRUST_FILE = "trust.yaml";
/** Where every rule of a trust document has a heading. */
export const POLICY_PAGE =
  "https://github.com/svid-exchange/svid-exchange/blob/main/docs/reference/policy.md";

export interface LocatedProblem extends Problem, Position {}

/** A trust document as it was found. */
export interface JudgedTrust {
  /** As the user named it. */
  readonly file: string;
  /** Errors and lint, in the order of the lines. */
  readonly problems: readonly LocatedProblem[];
  /** Present where there is no error. */
  readonly compiled?: { readonly config: TrustConfig; readonly yaml: TrustYaml };
}

/** Reads, compiles and lints a trust document; only a file that can't be read is a failure. */
export function judgeTrust(file: string, { cwd }: Pick<Ports, "cwd">): Result<JudgedTrust, Failure> {
  const text = readTextFile(file, cwd);
  if (!text.ok) return unreadable(file, text.error);
  const yaml = parseTrustYaml(text.value);
  if (!yaml.ok) return ok({ file, problems: yaml.error });
  const locate = (problems: readonly Problem[]): readonly LocatedProblem[] =>
    problems.map((problem) => ({ ...problem, ...yaml.value.positionOf(problem.path) })).toSorted(byPlace);
  const config = compileTrust(yaml.value.value);
  if (!config.ok) return ok({ file, problems: locate(config.error) });
  const compiled = { config: config.value, yaml: yaml.value };
  return ok({ file, problems: locate(lintTrust(config.value)), compiled });
}

/** A trust document without errors, for commands that need one to work with. */
export function compiledTrust(
  file: string,
  ports: Pick<Ports, "cwd" | "paint">,
): Result<Required<JudgedTrust>, Failure> {
  const judged = judgeTrust(file, ports);
  if (!judged.ok) return judged;
  const { compiled, problems } = judged.value;
  if (compiled !== undefined) return ok({ ...judged.value, compiled });
  const errors = problems.filter(({ severity }) => severity === "error");
  return err({
    exit: 1,
    code: "trust_document_invalid",
    message: `${printable(file)} has ${count(errors.length, "error")}.`,
    details: errors.map((problem) => problemLine(file, problem, ports.paint)),
    next: [`Each rule is explained in ${POLICY_PAGE}; correct the lines, and run svid-exchange check.`],
  });
}

function unreadable(file: string, errno: string): Result<never, Failure> {
  const next =
    file === DEFAULT_TRUST_FILE
      ? "svid-exchange init writes one; or name the file that you have."
      : "Name the file of the trust document.";
  return failed("trust_document_unreadable", `${printable(file)} could not be read (${errno}).`, next);
}

function byPlace(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** A problem as compilers write it, so that editors and CI systems can read it, too. */
export function problemLine(file: string, problem: LocatedProblem, paint: Paint): string {
  const { line, column, severity, message, rule } = problem;
  const style = { error: paint.bad, warning: paint.warn, note: paint.dim }[severity];
  return `${printable(file)}:${line}:${column}: ${style(severity)}: ${printable(message)} ${paint.dim(`[${rule}]`)}`;
}

/** `1 error`, `2 errors`. */
export function count(amount: number, noun: string): string {
  const plural = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${amount} ${amount === 1 ? noun : plural}`;
}

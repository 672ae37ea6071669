import { resolve } from "node:path";
import { printable } from "../../shared/printable.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { type Position, parseTrustYaml, type TrustYaml } from "../../shared/trust/document/yaml.ts";
import { lintTrust } from "../../shared/trust/lint/lint.ts";
import type { Problem } from "../../shared/trust/model/problem.ts";
import { type CheckedDocument, checkDocument } from "../../shared/trust/tools/check-document.ts";
import { type Failure, failed } from "../outcome.ts";
import { POLICY_PAGE } from "../pages.ts";
import type { Ports } from "../ports.ts";
import { count } from "../terminal/count.ts";
import type { Paint } from "../terminal/paint.ts";
import { readTextFile } from "../text-file.ts";
import { deploymentBeside } from "./deployment.ts";

export const DEFAULT_TRUST_FILE = "trust.yaml";

export interface LocatedProblem extends Problem, Position {}

/** A trust document and all its problems. */
export interface CheckedTrustFile {
  /** The path as the user gave it. */
  readonly file: string;
  /** Errors of compilation, or the findings of the lint where there are none; in the order of their lines. */
  readonly problems: readonly LocatedProblem[];
  /** Present where there is no error. */
  readonly compiled?: CompiledDocument;
}

export interface CompiledDocument extends CheckedDocument {
  readonly yaml: TrustYaml;
}

/** Reads, compiles and lints a trust document. It fails only where the file cannot be read. */
export async function checkTrustFile(
  file: string,
  { cwd }: Pick<Ports, "cwd">,
): Promise<Result<CheckedTrustFile, Failure>> {
  const text = readTextFile(file, cwd);
  if (!text.ok) return unreadable(file, text.error);
  const yaml = parseTrustYaml(text.value);
  if (!yaml.ok) return ok({ file, problems: yaml.error });
  const locate = (problems: readonly Problem[]): readonly LocatedProblem[] =>
    problems.map((problem) => ({ ...problem, ...yaml.value.positionOf(problem.path) })).toSorted(byPosition);
  const checked = await checkDocument(yaml.value.value);
  if (!checked.ok) return ok({ file, problems: locate(checked.error) });
  const compiled = { ...checked.value, yaml: yaml.value };
  const problems = locate(lintTrust(compiled.config, deploymentBeside(resolve(cwd, file))));
  return ok(
    problems.some(({ severity }) => severity === "error") ? { file, problems } : { file, problems, compiled },
  );
}

/** Reads and compiles a trust document for a command that needs one without errors. Any error is a failure. */
export async function compileTrustFile(
  file: string,
  ports: Pick<Ports, "cwd" | "paint">,
): Promise<Result<Required<CheckedTrustFile>, Failure>> {
  const checked = await checkTrustFile(file, ports);
  if (!checked.ok) return checked;
  const { compiled, problems } = checked.value;
  if (compiled !== undefined) return ok({ ...checked.value, compiled });
  const errors = problems.filter(({ severity }) => severity === "error");
  return err({
    exit: 1,
    code: "trust_document_invalid",
    message: `${printable(file)} has ${count(errors.length, "error")}.`,
    details: errors.map((problem) => problemLine(file, problem, ports.paint)),
    next: [
      "Correct these lines, then run svid-exchange check.",
      `Each [rule] is explained in ${POLICY_PAGE}`,
    ],
  });
}

function unreadable(file: string, errno: string): Result<never, Failure> {
  const next =
    file === DEFAULT_TRUST_FILE
      ? "Run svid-exchange init to write one, or give the path of your trust document."
      : "Give the path of your trust document.";
  return failed("trust_document_unreadable", `${printable(file)} could not be read (${errno}).`, next);
}

function byPosition(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** A problem in the form of a compiler's message, which editors and CI systems recognise. */
export function problemLine(file: string, problem: LocatedProblem, paint: Paint): string {
  const { line, column, severity, message, rule } = problem;
  const style = { error: paint.bad, warning: paint.warn, note: paint.dim }[severity];
  return `${printable(file)}:${line}:${column}: ${style(severity)}: ${printable(message)} ${paint.dim(`[${rule}]`)}`;
}

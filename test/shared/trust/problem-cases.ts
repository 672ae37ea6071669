import { parseTrustYaml } from "../../../shared/trust/document/yaml.ts";
import { lintTrust } from "../../../shared/trust/lint/lint.ts";
import type { Problem } from "../../../shared/trust/model/problem.ts";
import { checkDocument } from "../../../shared/trust/tools/check-document.ts";
import { edit } from "./base-document.ts";
import { PUBLIC_RSA_KEY } from "./sample-document.ts";

/** What a case shows, the passage that it replaces, the replacement, and everything that is then found. */
export type Case = readonly [it: string, passage: string, replacement: string, found: readonly string[]];

/** The document of a case. */
export function documentOf([, passage, replacement]: Case): string {
  return edit(passage, replacement.replaceAll("@N", PUBLIC_RSA_KEY.n));
}

/** Cases by the part of the document, or by the rule, that they are about. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

/** The Worker that the documents are for. */
const DEPLOYMENT = { bindings: new Set(["GRAFANA"]) };

/** Everything that is wrong with a document or not meant, one line each: `LINE:COLUMN severity rule: message`. */
export async function problemsOf(yaml: string): Promise<string[]> {
  const parsed = parseTrustYaml(yaml);
  if (!parsed.ok) return parsed.error.map((problem) => shown(problem, problem));
  const checked = await checkDocument(parsed.value.value);
  const problems = checked.ok ? lintTrust(checked.value.config, DEPLOYMENT) : checked.error;
  return problems.map((problem) => shown(problem, parsed.value.positionOf(problem.path)));
}

function shown(
  { severity, rule, message }: Problem,
  { line, column }: { line: number; column: number },
): string {
  return `${line}:${column} ${severity} ${rule}: ${message}`;
}

/** Everything that the cases find, in order. */
export function foundIn(cases: Cases): readonly string[] {
  return Object.values(cases)
    .flat()
    .flatMap(([, , , found]) => found);
}

export function rulesOf(problems: readonly string[]): ReadonlySet<string | undefined> {
  return new Set(problems.map((problem) => /^\d+:\d+ \w+ ([a-z-]+):/.exec(problem)?.[1]));
}

/** What follows the description of a problem: what to write instead. */
export const ADVICE =
  /; (?:write|add|remove|keep|put|use|match|copy|narrow|correct|limit|have the (?:issuer|application)|did you mean|check its spelling)\b/;

import type { Path } from "../../shape.ts";

/** `error`: the document is refused. `warning`: it is most likely a mistake. `note`: something to know. */
export type Severity = "error" | "warning" | "note";

/** What is wrong with a document, for a person who will correct it. */
export interface Problem {
  readonly path: Path;
  /** Says what is wrong and what to write instead. */
  readonly message: string;
  readonly severity: Severity;
  /** The rule's heading in `docs/reference/policy.md`. */
  readonly rule: Rule;
}

/** Every rule of a trust document that makes it an error to break. Each is a heading of `docs/reference/policy.md`. */
export const ERROR_RULES = [
  "syntax",
  "shape",
  "duplicate",
  "contradiction",
  "reference",
  "issuer-url",
  "own-issuer",
  "issuer-type",
  "inline-keys",
  "attribute",
  "condition",
  "glob",
  "template",
  "template-ambiguous",
  "spiffe-id",
  "rotation",
  "registered-claim",
  "unpinned-shared-issuer",
  "application-host",
  "origin",
  "application-audience",
  "header",
] as const;

/** Every rule that a lint only warns about or notes. Each is a heading of `docs/reference/policy.md`. */
export const LINT_RULES = [
  "names-without-ids",
  "raw-sub",
  "ref-without-type",
  "unprotected-ref",
  "weak-discriminator",
  "environment-without-ids",
  "unknown-claim",
  "guard-lifted",
  "overlap",
  "never-matches",
  "deny-missing",
  "unrenderable",
  "may-be-missing",
  "shared-identity",
  "long-spiffe-id",
  "entra-algorithm",
  "long-ttl",
  "inline-keys-rotate",
  "unused-issuer",
  "unbound-origin",
  "origin-passed-by",
  "uncalled-application",
  "shadowed-rule",
  "empty-roles",
  "assertion-in-two-headers",
  "shared-assertion-audience",
] as const;

export type Rule = (typeof ERROR_RULES)[number] | (typeof LINT_RULES)[number];

/** Takes the problems that a check finds. */
export type Report = (problem: Problem) => void;

export function errorAt(path: Path, rule: Rule, message: string): Problem {
  return { path, message, severity: "error", rule };
}

import { err, ok, type Result } from "../../result.ts";
import { compileTests } from "../compile/document-test.ts";
import { compileTrust } from "../compile/trust.ts";
import { writtenTexts } from "../compile/written-texts.ts";
import { documentShape } from "../document/shapes.ts";
import type { DocumentTest } from "../model/document-test.ts";
import type { Problem } from "../model/problem.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { inlineKeyProblems } from "./inline-keys.ts";

/** A document as its maintainer keeps it: what the exchange makes of it, and its own tests. */
export interface CheckedDocument {
  readonly config: TrustConfig;
  readonly tests: readonly DocumentTest[];
}

/**
 * Checks a document for its maintainer: compiles it as the exchange does, judges its inline keys as the exchange does once a
 * token names one, and compiles its tests, which the exchange never sees.
 *
 * @returns the document, or every problem of it at once. All of them have severity `error`.
 */
export async function checkDocument(input: unknown): Promise<Result<CheckedDocument, readonly Problem[]>> {
  const compiled = compileTrust(input);
  const problems = compiled.ok ? [] : [...compiled.error];
  const {
    allowedIssuers = [],
    applications = [],
    tests: entries = [],
  } = documentShape.readFields(input, [], () => undefined);
  problems.push(...(await inlineKeyProblems(allowedIssuers)));
  const names = {
    issuers: writtenTexts(allowedIssuers, "id"),
    applications: writtenTexts(applications, "name"),
  };
  const tests = compileTests(entries, names, (problem) => void problems.push(problem));
  return compiled.ok && problems.length === 0 ? ok({ config: compiled.value, tests }) : err(problems);
}

import { err, ok, type Result } from "../../shared/result.ts";
import { compileTrust } from "../../shared/trust/compile/trust.ts";
import { configVersion } from "../../shared/trust/document/version.ts";
import type { Problem } from "../../shared/trust/model/problem.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";

/** A trust document that is applied. */
export interface TrustInForce {
  readonly config: TrustConfig;
  /** The hash of the document, as `config_version` shows it. */
  readonly version: string;
  /** The path of our issuer, without a slash at its end; empty where it has none. */
  readonly issuerPath: string;
  /** Unix seconds at which this isolate took it up. */
  readonly since: number;
}

/** A trust document that cannot be applied. It holds no message of a problem, since a message may quote the document. */
export interface RefusedDocument {
  readonly version: string;
  /** The rules that the document breaks, each once. */
  readonly rules: readonly string[];
}

/** A problem by its rule alone. */
type BrokenRule = Pick<Problem, "rule">;

const NOT_JSON: BrokenRule = { rule: "syntax" };

/**
 * Compiles the text of a trust document as it is stored.
 *
 * @param now Unix seconds.
 */
export function trustInForce(text: string, now: number): Result<TrustInForce, RefusedDocument> {
  const version = configVersion(text);
  const compiled = compileText(text);
  if (!compiled.ok) return err({ version, rules: rulesOf(compiled.error) });
  const config = compiled.value;
  const issuerPath = new URL(config.issuer).pathname.replace(/\/$/, "");
  return ok({ config, version, issuerPath, since: now });
}

function compileText(text: string): Result<TrustConfig, readonly BrokenRule[]> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return err([NOT_JSON]);
  }
  return compileTrust(document);
}

function rulesOf(problems: readonly BrokenRule[]): readonly string[] {
  return [...new Set(problems.map(({ rule }) => rule))];
}

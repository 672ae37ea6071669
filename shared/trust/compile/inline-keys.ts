import { algorithmOf } from "../../jwk/key-algorithm.ts";
import { describeKeyFault } from "../../jwk/key-fault.ts";
import { judgeKeys, type KeySet, usableKeys } from "../../jwk/key-set.ts";
import type { Path } from "../../shape.ts";
import { errorAt, type Report } from "../model/problem.ts";

/**
 * Judges the keys of an inline set as those of a fetched one. Here a key that is of no use is an error, and so is one
 * that is for none of the issuer's algorithms: its maintainer can correct it.
 */
export function compileInlineKeys(
  listed: readonly unknown[],
  algorithms: readonly string[],
  at: Path,
  report: Report,
): KeySet {
  const judged = judgeKeys(listed, "sig");
  const repeated = new Set<string>();
  for (const [index, key] of judged.entries()) {
    const fit = key.ok ? algorithmOf(key.value, algorithms) : key;
    if (fit.ok) continue;
    const { reason, subject: kid } = fit.error;
    // Both keys of one kid are of no use; the place to correct is the second.
    if (reason === "kid_repeated" && !repeated.has(kid)) repeated.add(kid);
    else report(errorAt([...at, index], "inline-keys", describeKeyFault(fit.error)));
  }
  return usableKeys(judged);
}

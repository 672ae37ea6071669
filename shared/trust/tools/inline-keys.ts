import { algorithmOf, importKey } from "../../jwk/key-algorithm.ts";
import { describeKeyFault, type KeyFault, keyFault } from "../../jwk/key-fault.ts";
import { judgeKeys } from "../../jwk/key-set.ts";
import type { PublicKey } from "../../jwk/public-key.ts";
import type { Path } from "../../shape.ts";
import { algorithmsOf } from "../compile/issuer.ts";
import { issuerShape } from "../document/shapes.ts";
import { errorAt, type Problem } from "../model/problem.ts";

/**
 * Judges the keys of inline sets by the functions that the exchange judges keys by. The exchange leaves out a key that is of no
 * use to its issuer, inline or fetched. Here such a key is an error: the maintainer of the document can correct it.
 *
 * @param issuers the entries of `allowedIssuers`. One that is not of its shape is passed over.
 */
export async function inlineKeyProblems(issuers: readonly unknown[]): Promise<readonly Problem[]> {
  const found = issuers.map((issuer, index) =>
    problemsOfSet(issuer, ["allowedIssuers", index, "jwks", "keys"]),
  );
  return (await Promise.all(found)).flat();
}

async function problemsOfSet(issuer: unknown, at: Path): Promise<readonly Problem[]> {
  const entry = issuerShape.read(issuer, [], () => undefined);
  if (entry?.jwks === undefined) return [];
  const algorithms = algorithmsOf(entry);
  const judged = judgeKeys(entry.jwks.keys, "sig");
  const faults = await Promise.all(
    judged.map((key) => (key.ok ? faultOfUse(key.value, algorithms) : key.error)),
  );
  const repeated = new Set<string>();
  return faults.flatMap((fault, index) => {
    if (fault === undefined) return [];
    // Both keys of one kid are of no use; the place to correct is the second.
    if (fault.reason !== "kid_repeated" || repeated.has(fault.subject)) {
      return errorAt([...at, index], "inline-keys", describeKeyFault(fault));
    }
    repeated.add(fault.subject);
    return [];
  });
}

/** Why an issuer with these algorithms cannot use a well-formed key. */
async function faultOfUse(key: PublicKey, algorithms: readonly string[]): Promise<KeyFault | undefined> {
  const algorithm = algorithmOf(key, algorithms);
  if (!algorithm.ok) return algorithm.error;
  const imported = await importKey(key, algorithm.value);
  return imported === undefined ? keyFault("import_refused") : undefined;
}

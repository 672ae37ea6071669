import { didYouMean } from "../../nearest-word.ts";
import { err, ok, type Result } from "../../result.ts";
import { type Attribute, CLAIM_ROOT, canonicalName } from "../model/attribute.ts";
import { DERIVED, isDerivedName } from "../model/derived.ts";
import { isNotEmpty, type ScanAttribute, scanNames, shownAt } from "./attribute-path.ts";

const EXAMPLE = `write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters`;

/** What the rules of applications look at, and no policy. */
const OF_APPLICATIONS = ["svid", "internal", "external"];

/** @returns the attribute under its canonical name, or what is wrong with the text and what to write. */
export function parseAttribute(text: string): Result<Attribute, string> {
  return parseWhole(text, scanAttribute, CLAIM_ROOT);
}

/** @param root what the attributes of claims start with. */
export function parseWhole<A>(text: string, scan: ScanAttribute<A>, root: string): Result<A, string> {
  const scanned = scan(text, 0);
  const isWhole = scanNames(text, 0).end === text.length;
  if (scanned.ok && isWhole) return ok(scanned.value.attribute);
  if (!scanned.ok && (isWhole || !text.startsWith(`${root}.`))) return scanned;
  const name = text.startsWith(root) ? text.slice(root.length).replace(/^\./, "") : text;
  return err(
    `${JSON.stringify(text)} is not an attribute; write ${canonicalName([name], root)} for the claim ${name}`,
  );
}

/** Reads an attribute of a job's token. */
export const scanAttribute: ScanAttribute<Attribute> = (text, start) => {
  const { names, end } = scanNames(text, start);
  const written = text.slice(start, end);
  const [root, second, ...path] = names;
  if (root === undefined) return err(`${shownAt(text, start)}; ${EXAMPLE}`);
  if (OF_APPLICATIONS.includes(root)) {
    return err(`${written} is an attribute of applications, which policies do not have; ${EXAMPLE}`);
  }
  if (second === undefined) {
    return err(`${written} is not an attribute; write jwt.claim.${written} for the claim of this name`);
  }
  if (root === "jwt" && second === "claim") {
    if (!isNotEmpty(path)) return err(`${written} names no claim; ${EXAMPLE}`);
    return ok({ attribute: { kind: "claim", name: canonicalName(path), path }, end });
  }
  if (isDerivedName(written)) return ok({ attribute: { kind: "derived", name: written }, end });
  const hint = didYouMean(written, Object.keys(DERIVED)) || `; ${EXAMPLE}`;
  return err(`no issuer type derives the attribute ${written}${hint}`);
};

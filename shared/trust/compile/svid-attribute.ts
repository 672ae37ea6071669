import { err, ok, type Result } from "../../result.ts";
import {
  type HeaderAttribute,
  SVID_CLAIM_ROOT,
  SVID_ID,
  type SvidAttribute,
  svidClaimAttribute,
  traitAttribute,
} from "../model/svid-attribute.ts";
import { parseWhole } from "./attribute.ts";
import { isNotEmpty, type ScanAttribute, scanNames, shownAt } from "./attribute-path.ts";
import { isRegisteredClaim } from "./registered-claim.ts";

const EXAMPLE = `write svid.id, svid.claim.NAME, or svid.claim["a/b.c"] for a name with other characters`;
const HEADER_EXAMPLE = "write internal.jwt, external.TRAIT, svid.id or svid.claim.NAME";

/** @returns the attribute under its canonical name, or what is wrong with the text and what to write. */
export function parseSvidAttribute(text: string): Result<SvidAttribute, string> {
  return parseWhole(text, scanSvidAttribute, SVID_CLAIM_ROOT);
}

/** Reads an attribute of an application's caller. */
export const scanSvidAttribute: ScanAttribute<SvidAttribute> = (text, start) => {
  const { names, end } = scanNames(text, start);
  const written = text.slice(start, end);
  const [root, second, ...path] = names;
  if (root === undefined) return err(`${shownAt(text, start)}; ${EXAMPLE}`);
  if (root === "internal" || root === "external") {
    return err(`${written} is for the headers of rewrite alone; ${EXAMPLE}`);
  }
  if (root !== "svid") return err(`${written} is not an attribute of the caller's SVID; ${ofToken(root)}`);
  if (second === "id" && path.length === 0) return ok({ attribute: SVID_ID, end });
  if (second !== "claim" || !isNotEmpty(path)) return err(`${written} is not an attribute; ${EXAMPLE}`);
  const [claim] = path;
  return isRegisteredClaim(claim)
    ? err(`${claim} is a registered claim, which the gateway judges itself; write svid.id or another claim`)
    : ok({ attribute: svidClaimAttribute(path), end });
};

/** Reads an attribute of the headers for an application. */
export const scanHeaderAttribute: ScanAttribute<HeaderAttribute> = (text, start) => {
  const { names, end } = scanNames(text, start);
  const [root, name, ...more] = names;
  const refuse = () => err(`${text.slice(start, end)} is not an attribute; ${HEADER_EXAMPLE}`);
  switch (root) {
    case "internal":
      if (name !== "jwt" || more.length > 0) return refuse();
      return ok({ attribute: { kind: "assertion", name: "internal.jwt" }, end });
    case "external":
      if (name === undefined || more.length > 0) return refuse();
      return ok({ attribute: traitAttribute(name), end });
    default:
      return scanSvidAttribute(text, start);
  }
};

/** What to write instead of an attribute of the job's token. */
function ofToken(root: string): string {
  return root === "jwt" || root === "github" || root === "gitlab"
    ? "put the value into the claims of the policy, and write svid.claim.NAME here"
    : EXAMPLE;
}

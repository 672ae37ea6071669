import { didYouMean } from "../../nearest-word.ts";
import type { Path } from "../../shape.ts";
import { errorAt, type Report } from "../model/problem.ts";

/** Names that entries of the document have. */
interface Known {
  /** The beginning of the message, whose next word is the name: `allowedIssuers has no id`. */
  readonly missing: string;
  readonly names: readonly string[];
}

/** Reports a name that no entry of the document has. */
export function checkReference(name: string, { missing, names }: Known, at: Path, report: Report): void {
  if (names.includes(name)) return;
  const known = names.length > 0 ? `write ${names.join(" or ")}` : "add it there";
  const message = `${missing} ${name}${didYouMean(name, names) || `; ${known}`}`;
  report(errorAt(at, "reference", message));
}

/** The known ids of `allowedIssuers`. */
export function issuerNames(ids: readonly string[]): Known {
  return { missing: "allowedIssuers has no id", names: ids };
}

/** The known names of `applications`. */
export function applicationNames(names: readonly string[]): Known {
  return { missing: "applications has no name", names };
}

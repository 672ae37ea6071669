import { printable } from "../../shared/printable.ts";
import type { Paint } from "./paint.ts";

/** Characters of the longest name, `SPIFFE ID`. */
const NAME_WIDTH = 9;

/** A name and its value, in two columns. */
export function fieldLine(name: string, value: string, paint: Paint): string {
  return `  ${paint.dim(name.padEnd(NAME_WIDTH))} ${printable(value)}`;
}

/** One line for each claim, a JSON value. */
export function claimLines(claims: Readonly<Record<string, unknown>>, paint: Paint): readonly string[] {
  return Object.entries(claims).map(([name, value], index) =>
    fieldLine(index === 0 ? "claims" : "", `${name}: ${JSON.stringify(value)}`, paint),
  );
}

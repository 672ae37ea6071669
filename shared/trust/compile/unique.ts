import type { Path } from "../../shape.ts";
import { errorAt, type Report } from "../model/problem.ts";

/** @returns a function that reports each value that it has seen before. */
export function unique(what: string, report: Report): (value: string, at: Path) => void {
  const seen = new Set<string>();
  return (value, at) => {
    if (seen.has(value))
      report(
        errorAt(at, "duplicate", `another entry already has the ${what} ${value}; write another ${what}`),
      );
    seen.add(value);
  };
}

import type { JsonValue } from "../../shared/json.ts";
import { printable } from "../../shared/printable.ts";
import type { Paint } from "../terminal/paint.ts";
import type { Change } from "./document-diff.ts";

/** One change for people, with the marks of a diff: `~ policies[deploy].ttl: "5m" -> "10m"`. */
export function changeLine({ kind, path, before, after }: Change, paint: Paint): string {
  const name = printable(path);
  switch (kind) {
    case "added":
      return paint.good(`+ ${name}${after === undefined ? "" : `: ${shortened(after)}`}`);
    case "removed":
      return paint.bad(`- ${name}${before === undefined ? "" : `: ${shortened(before)}`}`);
    case "changed":
      return paint.warn(
        `~ ${name}${before === undefined ? "" : `: ${shortened(before)} -> ${shortened(after)}`}`,
      );
  }
}

/** Characters of a value: enough for a policy, and few enough for a screen. */
const MAX_LENGTH = 300;

function shortened(value: JsonValue | undefined): string {
  const whole = printable(JSON.stringify(value ?? null));
  return whole.length > MAX_LENGTH ? `${whole.slice(0, MAX_LENGTH)}…` : whole;
}

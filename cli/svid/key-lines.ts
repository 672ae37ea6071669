import { printable } from "../../shared/printable.ts";
import { formatSpan } from "../../shared/time.ts";
import type { Paint } from "../terminal/paint.ts";
import type { KeyOverview, KeyState } from "./key-overview.ts";

/** The keys of an exchange for people: one paragraph for each algorithm, then the remarks. */
export function keyLines(
  { issuer, status, sequence, keys, remarks }: KeyOverview,
  paint: Paint,
  nowMs: number,
): readonly string[] {
  const statusStyle = status === "ok" ? paint.good : status === "unavailable" ? paint.bad : paint.warn;
  const algorithms = [...new Set(keys.map((key) => key.algorithm))];
  return [
    `${paint.bold(issuer)}  ${statusStyle(printable(status))}  ${paint.dim(`sequence ${JSON.stringify(sequence)}`)}`,
    ...algorithms.flatMap((algorithm) => [
      "",
      printable(algorithm),
      ...keys.filter((key) => key.algorithm === algorithm).map((key) => keyLine(key, paint, nowMs)),
    ]),
    ...(remarks.length === 0
      ? []
      : ["", ...remarks.map((remark) => `${paint.warn("!")} ${printable(remark)}`)]),
  ];
}

function keyLine(key: KeyState, paint: Paint, nowMs: number): string {
  const style = key.use === "signing" ? paint.good : key.use === "revoked" ? paint.bad : paint.dim;
  return `  ${style(printable(key.use).padEnd(8))} ${printable(key.kid)}  ${printable(lifeOf(key, nowMs))}`.trimEnd();
}

/** The instants of a key's life that matter in its present use. */
function lifeOf({ use, publishedAt, signsFrom, signsUntil, verifiesUntil }: KeyState, nowMs: number): string {
  const published = pastInstant(publishedAt, nowMs);
  switch (use) {
    case "signing":
      return `published ${published}, signs since ${pastInstant(signsFrom, nowMs)}, until ${comingInstant(signsUntil, nowMs)} at the latest`;
    case "standby":
      return `published ${published}, signs from ${comingInstant(signsFrom, nowMs)}`;
    case "retired":
      return `published ${published}, verifies until ${comingInstant(verifiesUntil, nowMs)}`;
    default:
      return "";
  }
}

function pastInstant(instant: string | undefined, nowMs: number): string {
  const ms = Date.parse(instant ?? "");
  if (Number.isNaN(ms)) return "?";
  return ms > nowMs ? comingInstant(instant, nowMs) : `${formatSpan((nowMs - ms) / 1000)} ago`;
}

function comingInstant(instant: string | undefined, nowMs: number): string {
  const ms = Date.parse(instant ?? "");
  return Number.isNaN(ms) ? "?" : `${instant?.slice(0, 16)}Z (in ${formatSpan((ms - nowMs) / 1000)})`;
}

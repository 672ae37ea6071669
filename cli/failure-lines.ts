import type { Failure } from "./outcome.ts";
import type { Paint } from "./terminal/paint.ts";

/** A failure for people: what happened and its code, the details, and what to do next. */
export function failureText({ code, message, details = [], next }: Failure, paint: Paint): string {
  const lines = [
    `${paint.bad("error")} ${message} ${paint.dim(`[${code}]`)}`,
    ...details.map((line) => `  ${line}`),
    ...next.map((line, index) => `${index === 0 ? "next: " : "      "}${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** The same failure for programs: one JSON document on one line. */
export function failureJson({ code, message, details = [], next }: Failure): string {
  return `${JSON.stringify({ error: { code, message, details, next } })}\n`;
}

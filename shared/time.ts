import { durationParts } from "./duration.ts";

/**
 * An instant as text (ISO 8601, RFC 3339), in UTC and to the second: `2026-11-25T12:59:30Z`.
 *
 * @param seconds Unix seconds; a fraction is cut off.
 */
export function formatInstant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** A length of time in its two largest units: 5400 seconds are `1h 30m`, a negative length is `0s`. */
export function formatSpan(seconds: number): string {
  return (
    durationParts(Math.max(0, Math.round(seconds)))
      .slice(0, 2)
      .join(" ") || "0s"
  );
}

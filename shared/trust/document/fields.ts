import { formatDuration, parseDuration } from "../../duration.ts";
import { choice, type Shape, text } from "../../shape.ts";
import { SVID_ALGORITHMS } from "../../svid.ts";
import { NAME } from "../model/name.ts";

/** The fields that several parts of `trust.yaml` have. */

/** Seconds. */
export const HALF_MINUTE = 30;
export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Visible ASCII: what every relying party compares alike. 600 is Entra's limit, the longest there is. */
const AUDIENCE = /^[\x21-\x7e]{1,600}$/;
/** A string that some token may have as `iss`: no spaces, no control characters. */
const ISSUER = /^[^\s\p{C}]{1,1000}$/u;

export const name = pattern(NAME, "a name of up to 64 letters, digits, dots, dashes and underscores");
export const audience = pattern(AUDIENCE, "an audience without spaces, such as https://vault.example.org");
export const issuer = pattern(ISSUER, "the exact iss of the tokens, such as https://gitlab.example.com");
export const template = pattern(
  /^[\s\S]{1,4096}$/,
  "a template, such as spiffe://{{ trustDomain }}/ci/{{ jwt.claim.repository_id }}",
);
export const svidAlgorithm = choice(...SVID_ALGORITHMS);

export function pattern(allowed: RegExp, expects: string): Shape<string> {
  return text(expects, (value) => (allowed.test(value) ? value : undefined), allowed.source);
}

/** A duration between two bounds, in seconds. */
export function duration(least: number, most: number): Shape<number> {
  const example = formatDuration(Math.min(most, least > 300 ? 7 * DAY : 300));
  const expects = `a duration from ${formatDuration(least)} to ${formatDuration(most)}, such as ${example}`;
  return text(expects, (value) => within(parseDuration(value), least, most), "^[0-9]+[smhd]$");
}

function within(seconds: number | undefined, least: number, most: number): number | undefined {
  return seconds !== undefined && seconds >= least && seconds <= most ? seconds : undefined;
}

/** Seconds of each unit that a duration may be written in, the largest first. */
const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

const DURATION = /^(0|[1-9][0-9]{0,8})([smhd])$/;

/** Reads `30s`, `5m`, `1h` or `7d`. @returns whole seconds, or `undefined` where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}

/** Writes seconds in the largest unit that divides them: 300 is `5m`, 90 is `90s`. */
export function formatDuration(seconds: number): string {
  const [unit, length] = Object.entries(UNITS).find(([, length]) => seconds % length === 0) ?? ["s", 1];
  return seconds === 0 ? "0s" : `${seconds / length}${unit}`;
}

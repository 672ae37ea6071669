/** Seconds of each unit that a duration may be written in, the largest first. */
const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

const DURATION = /^(0|[1-9][0-9]{0,8})([smhd])$/;

/** Reads `30s`, `5m`, `1h` or `7d`. @returns whole seconds, or `undefined` where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}

/** The parts of a length of time, the largest unit first and none of them empty: 5400 seconds are `1h` and `30m`. */
export function durationParts(seconds: number): readonly string[] {
  let rest = seconds;
  return Object.entries(UNITS).flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? [`${count}${unit}`] : [];
  });
}

/** Writes seconds in the largest unit that divides them: 300 is `5m`, 90 is `90s`. */
export function formatDuration(seconds: number): string {
  const [unit, length] = Object.entries(UNITS).find(([, length]) => seconds % length === 0) ?? ["s", 1];
  return seconds === 0 ? "0s" : `${seconds / length}${unit}`;
}

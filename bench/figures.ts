import type { Measured } from "./edge.ts";

/** One line of the report: what was measured and what it should be at most. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly target: number;
  readonly unit: string;
}

/** The ratio of two things that ran by turns: the median over the rounds of each round's ratio. */
export function ratio({ rounds }: Measured, name: string, base: string): number {
  const over = rounds[base] ?? [];
  return median((rounds[name] ?? []).map((time, round) => time / (over[round] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function report(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures.map((figure) => line(figure, width)).join("\n");
}

function line({ what, value, target, unit }: Figure, width: number): string {
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(2);
  const verdict = value <= target ? "ok" : "OVER";
  return `${what.padEnd(width)}  ${shown.padStart(9)} ${unit.padEnd(8)} target ${target} or less  ${verdict}`;
}

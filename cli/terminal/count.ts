/** A number with its noun: `1 policy`, `2 policies`. The noun is one whose plural ends in -s or -ies. */
export function count(amount: number, noun: string): string {
  const plural = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${amount} ${amount === 1 ? noun : plural}`;
}

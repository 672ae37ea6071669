/** A piece of a secret as it was found in a line. */
export interface Leak {
  readonly piece: string;
  readonly line: string;
}

const PIECE = 20;

/** What a token is made of, but for its dots. */
const RUNS = /[A-Za-z0-9_-]{20,}/g;

/**
 * Searches lines for pieces of any secret, each twenty characters long and one after the other: a token that is cut,
 * quoted or joined to something else is found as well as a whole one.
 */
export function leaksOf(secrets: Iterable<string>, lines: Iterable<string>): Leak[] {
  const pieces = new Set<string>();
  for (const secret of secrets) {
    for (let i = 0; i + PIECE <= secret.length; i += PIECE) pieces.add(secret.slice(i, i + PIECE));
  }
  const leaks: Leak[] = [];
  for (const line of lines) {
    for (const [run] of line.matchAll(RUNS)) {
      for (let i = 0; i + PIECE <= run.length; i++) {
        const piece = run.slice(i, i + PIECE);
        if (pieces.has(piece)) leaks.push({ piece, line });
      }
    }
  }
  return leaks;
}

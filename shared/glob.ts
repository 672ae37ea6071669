import { err, ok, type Result } from "./result.ts";

/** The longest pattern, in UTF-16 code units: it fixes how many machine words one step of a match may touch. */
export const MAX_GLOB_LENGTH = 512;

/**
 * A compiled pattern: a set of positions as bits, in words of 32. Bit `i` stands for "the first `i` tokens are used
 * up". A match keeps the set of all reachable positions at once (the Shift-And automaton of Baeza-Yates and Gonnet), so
 * it never backtracks: each character of the text costs one pass over the words, whatever the pattern or the text.
 */
export interface Glob {
  readonly pattern: string;
  /** How many tokens there are, and so which bit means "all used up". */
  readonly length: number;
  /** Where each literal character may be consumed. */
  readonly literals: ReadonlyMap<string, Uint32Array>;
  /** Where any star stands, and where one stands that also crosses `/`. */
  readonly stars: Uint32Array;
  readonly crossing: Uint32Array;
}

/** Counts the word operations of a match, so that a test can see that matching is linear. */
export interface StepCount {
  steps: number;
}

/**
 * Compiles a pattern: `*` stands for any characters but `/`, `**` for any characters at all, everything else for itself.
 *
 * @returns the pattern, or what is wrong with it as a sentence that says what to write.
 */
export function compileGlob(pattern: string): Result<Glob, string> {
  if (pattern === "") return err("the pattern is empty; write a pattern, or {exists: true} for any value");
  if (pattern.length > MAX_GLOB_LENGTH)
    return err(`the pattern is longer than ${MAX_GLOB_LENGTH} characters; write a shorter one`);
  if (pattern.includes("***"))
    return err("the pattern has three stars in a row; write * within a path segment, or ** across segments");
  return ok(build(pattern, pattern.match(/\*\*|[\s\S]/g) ?? []));
}

/** Whether the whole text matches. Linear: `text.length * ceil((length + 1) / 32)` steps at most. */
export function matchesGlob(glob: Glob, text: string, count: StepCount = { steps: 0 }): boolean {
  const reached = new Uint32Array(glob.stars.length);
  reached[0] = 1;
  closeOverStars(reached, glob.stars);
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    count.steps += reached.length;
    const alive = advance(reached, glob, glob.literals.get(character), character === "/");
    if (!alive) return false;
  }
  return bitAt(reached, glob.length);
}

/** The part of a pattern before its first star: what every match starts with. */
export function literalPrefix(pattern: string): string {
  const star = pattern.indexOf("*");
  return star === -1 ? pattern : pattern.slice(0, star);
}

function build(pattern: string, tokens: readonly string[]): Glob {
  const words = () => new Uint32Array((tokens.length >>> 5) + 1);
  const literals = new Map<string, Uint32Array>();
  const stars = words();
  const crossing = words();
  tokens.forEach((token, position) => {
    if (token === "**") setBit(crossing, position);
    const isStar = token === "**" || token === "*";
    const positions = isStar ? stars : (literals.get(token) ?? words());
    setBit(positions, position);
    if (!isStar) literals.set(token, positions);
  });
  return { pattern, length: tokens.length, literals, stars, crossing };
}

/** Consumes one character in place. @returns whether any position is still reachable. */
function advance(
  reached: Uint32Array,
  glob: Glob,
  literal: Uint32Array | undefined,
  slash: boolean,
): boolean {
  const staying = slash ? glob.crossing : glob.stars;
  let carry = 0;
  let alive = 0;
  for (let word = 0; word < reached.length; word++) {
    const before = word32(reached, word);
    const consumed = before & (literal === undefined ? 0 : word32(literal, word));
    const after = (consumed << 1) | carry | (before & word32(staying, word));
    carry = consumed >>> 31;
    reached[word] = after;
    alive |= after;
  }
  closeOverStars(reached, glob.stars);
  return alive !== 0;
}

/** A star may stand for nothing: where one is reached, so is the position after it. No two stars are neighbours. */
function closeOverStars(reached: Uint32Array, stars: Uint32Array): void {
  let carry = 0;
  for (let word = 0; word < reached.length; word++) {
    const now = word32(reached, word) | carry;
    const skipped = now & word32(stars, word);
    reached[word] = now | (skipped << 1);
    carry = skipped >>> 31;
  }
}

function word32(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function setBit(words: Uint32Array, position: number): void {
  words[position >>> 5] = word32(words, position >>> 5) | (1 << (position & 31));
}

function bitAt(words: Uint32Array, position: number): boolean {
  return ((word32(words, position >>> 5) >>> (position & 31)) & 1) === 1;
}

import type { Policy } from "../model/policy.ts";
import {
  ANY_SEGMENTS,
  type IdForm,
  type SegmentForm,
  segmentsMayEqual,
  type VariedSegment,
} from "./id-form.ts";

/** Policies whose SPIFFE IDs begin alike. */
interface Node {
  readonly words: Map<string, Node>;
  readonly varied: { readonly segment: VariedSegment; readonly node: Node }[];
  any: Node | undefined;
  /** It was reached by any segments, and any more of them lead to it again. */
  readonly isAny: boolean;
  /** The first policy of each kind whose IDs end here. */
  readonly owners: Map<string, Policy>;
}

/** Finds policies by what their SPIFFE IDs look like, in a tree of path segments. */
export class IdIndex {
  readonly #root = node(false);
  /** How many segments have been compared. */
  steps = 0;

  /** @param kind of policies with one kind and one form only the first is kept. */
  add(form: IdForm, kind: string, policy: Policy): void {
    const { owners } = form.reduce(childFor, this.#root);
    if (!owners.has(kind)) owners.set(kind, policy);
  }

  /** The policies that may have an ID of this form, with their kinds. */
  *sharing(form: IdForm): Iterable<readonly [kind: string, policy: Policy]> {
    const seen = new Map<Node, Set<number>>();
    const left: (readonly [Node, number])[] = [[this.#root, 0]];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [at, used] = next;
      const been = seen.get(at) ?? new Set();
      if (been.has(used)) continue;
      seen.set(at, been.add(used));
      if (used === form.length) yield* at.owners;
      left.push(...this.#steps(at, used, form));
    }
  }

  /** Where one more segment leads: of the form, or of what the tree holds, or of both. */
  *#steps(at: Node, used: number, form: IdForm): Iterable<readonly [Node, number]> {
    const segment = form[used];
    if (segment !== undefined) {
      for (const child of this.#children(at, segment)) yield [child, used + 1];
      if (at.isAny) yield [at, used + 1];
    }
    // Any segments of the form may be more than one.
    if (form[used - 1] === ANY_SEGMENTS)
      for (const child of this.#children(at, ANY_SEGMENTS)) yield [child, used];
  }

  *#children({ words, varied, any }: Node, segment: SegmentForm): Iterable<Node> {
    if (any !== undefined) yield any;
    if (typeof segment === "string" && segment !== ANY_SEGMENTS) {
      const word = words.get(segment);
      if (word !== undefined) yield word;
    } else {
      for (const [word, child] of words) if (this.#mayEqual(segment, word)) yield child;
    }
    for (const { segment: other, node: child } of varied) if (this.#mayEqual(segment, other)) yield child;
  }

  #mayEqual(left: SegmentForm, right: string | VariedSegment): boolean {
    this.steps++;
    return left === ANY_SEGMENTS || segmentsMayEqual(left, right);
  }
}

function node(isAny: boolean): Node {
  return { words: new Map(), varied: [], any: undefined, isAny, owners: new Map() };
}

function childFor(at: Node, segment: SegmentForm): Node {
  if (segment === ANY_SEGMENTS) {
    at.any ??= node(true);
    return at.any;
  }
  if (typeof segment === "string") {
    const known = at.words.get(segment) ?? node(false);
    at.words.set(segment, known);
    return known;
  }
  const same = at.varied.find(({ segment: { start, end, digits } }) => {
    return start === segment.start && end === segment.end && digits === segment.digits;
  });
  if (same !== undefined) return same.node;
  const fresh = { segment, node: node(false) };
  at.varied.push(fresh);
  return fresh.node;
}

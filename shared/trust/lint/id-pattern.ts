import { compileGlob, literalPrefix, matchesGlob } from "../../glob.ts";
import { ANY_SEGMENTS, type IdForm, type SegmentForm, segmentsMayEqual } from "./id-form.ts";

/**
 * Whether a pattern may match a SPIFFE ID of this form, as far as the segments before the first `**` or the first path
 * of any length show.
 *
 * @param start `spiffe://<trust domain>/`, which stands before the form.
 */
export function mayMatch(form: IdForm, start: string, pattern: string): boolean {
  const prefix = literalPrefix(pattern);
  if (!prefix.startsWith(start)) return start.startsWith(prefix) && prefix !== pattern;
  const pieces = pattern.slice(start.length).split("/");
  const open = pieces.findIndex((piece) => piece.includes("**"));
  const path = form.indexOf(ANY_SEGMENTS);
  if (open === -1 && path === -1 && pieces.length !== form.length) return false;
  const compared = Math.min(open === -1 ? pieces.length : open, path === -1 ? form.length : path);
  return pieces.slice(0, compared).every((piece, index) => pieceMayMatch(piece, form[index]));
}

function pieceMayMatch(piece: string, segment: SegmentForm | undefined): boolean {
  if (segment === undefined) return false;
  if (typeof segment === "string") {
    const glob = compileGlob(piece);
    return glob.ok && matchesGlob(glob.value, segment);
  }
  const star = piece.indexOf("*");
  return star === -1
    ? segmentsMayEqual(piece, segment)
    : segmentsMayEqual(
        { start: piece.slice(0, star), end: piece.slice(piece.lastIndexOf("*") + 1) },
        segment,
      );
}

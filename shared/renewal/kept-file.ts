import type { Exchanged } from "../client/get-svid.ts";
import type { Result } from "../result.ts";
import { formatInstant, formatSpan } from "../time.ts";
import type { HeldSvid } from "./held-svid.ts";
import { EXPIRY_MARGIN_MS, leftMs, retryAfterMs } from "./times.ts";

/** A failure in words, for the log. */
export interface Explained {
  readonly code: string;
  /** What happened: one or two sentences. */
  readonly message: string;
  /** Lines about it. */
  readonly details?: readonly string[];
  /** What to do, line by line. */
  readonly next: readonly string[];
}

/** What the file of an SVID uses of the world around it. */
export interface KeptFilePorts<F> {
  readonly replace: (svid: string) => Result<void, Explained>;
  readonly remove: () => void;
  readonly explain: (failure: F) => Explained;
  readonly nowMs: () => number;
  /** Ends early, and without an error, once the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly note: (line: string) => void;
}

/**
 * Keeps an SVID fresh in its file: puts each new one there, and removes one that was not renewed before it expires.
 * Ends when the signal is aborted, or when no later attempt can succeed.
 *
 * @param first the SVID that is in the file.
 */
export function keepFileFresh<F>(
  held: HeldSvid<Exchanged, F>,
  first: Exchanged,
  ports: KeptFilePorts<F>,
  signal: AbortSignal,
): Promise<void> {
  let inFile = first;
  let newest = first;
  let superseded = new AbortController();
  const scheduleRemoval = (): void => {
    superseded.abort();
    superseded = new AbortController();
    removeInTime(inFile.expiresAtMs, ports, AbortSignal.any([signal, superseded.signal]));
  };
  const put = async (svid: Exchanged): Promise<void> => {
    const wasGone = leftMs(inFile, ports.nowMs()) <= 0;
    const replaced = ports.replace(svid.svid);
    if (replaced.ok) {
      if (wasGone) ports.note(`The file has an SVID again, which expires at ${instant(svid.expiresAtMs)}.`);
      inFile = svid;
      return scheduleRemoval();
    }
    const left = leftMs(inFile, ports.nowMs());
    for (const line of failureLines(replaced.error, left, false)) ports.note(line);
    await ports.pause(retryAfterMs(left), signal);
    if (!signal.aborted && svid === newest) await put(svid);
  };
  scheduleRemoval();
  return held.follow(
    {
      renewed: (svid) => {
        newest = svid;
        void put(svid);
      },
      failed: ({ failure, leftMs: left, isLast }) => {
        for (const line of failureLines(ports.explain(failure), left, isLast)) ports.note(line);
      },
    },
    signal,
  );
}

/** Removes the file shortly before its SVID expires, unless `over` is aborted before: there is a newer SVID, or no need. */
function removeInTime(
  expiresAtMs: number,
  { pause, nowMs, remove, note }: Omit<KeptFilePorts<never>, "explain">,
  over: AbortSignal,
): void {
  void pause(expiresAtMs - EXPIRY_MARGIN_MS - nowMs(), over).then(() => {
    if (over.aborted) return;
    remove();
    note(`The SVID was not renewed, and it expires at ${instant(expiresAtMs)}: its file was removed.`);
  });
}

function failureLines(failure: Explained, left: number, isLast: boolean): readonly string[] {
  const expiresIn = formatSpan((left + EXPIRY_MARGIN_MS) / 1000);
  const inFile = left > 0 ? ` The SVID in the file expires in ${expiresIn}.` : "";
  const then = isLast ? "No other attempt follows." : "Another attempt follows.";
  return [
    `The SVID could not be renewed (${failure.code}). ${failure.message}`,
    ...(failure.details ?? []).map((line) => `  ${line}`),
    ...(isLast ? failure.next.map((line) => `  ${line}`) : []),
    `${then}${inFile}`,
  ];
}

function instant(ms: number): string {
  return formatInstant(ms / 1000);
}

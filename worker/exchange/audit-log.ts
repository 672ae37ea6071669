import type { DenialCode } from "../../shared/denial.ts";
import { ANONYMOUS_WINDOW_SECONDS, MAX_ANONYMOUS_LINES } from "../limits.ts";
import type { Background } from "../moment.ts";
import type { CountedRefusals, Outcome } from "./audit.ts";

export interface AuditLogPorts {
  readonly write: (outcome: Outcome) => void;
  readonly writeCounted: (refusals: CountedRefusals) => void;
  /** Waits for some milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

/** One window of an isolate. */
interface Window {
  readonly since: number;
  lines: number;
  count: number;
  readonly codes: Partial<Record<DenialCode, number>>;
}

/**
 * Writes a line for each exchange. Of the refusals of callers who have proved nothing only so many in a window have a line
 * each; the others are counted by their code, and one line says how many there were. An isolate that ends before its window
 * loses that count.
 */
export function createAuditLog(ports: AuditLogPorts): (outcome: Outcome, background: Background) => void {
  let window: Window | undefined;

  return (outcome, background) => {
    const { result, trail, now } = outcome;
    if (result.ok || trail.claims !== undefined) return ports.write(outcome);
    const current = windowAt(now);
    current.lines++;
    if (current.lines <= MAX_ANONYMOUS_LINES) return ports.write(outcome);
    const { code } = result.error;
    current.codes[code] = (current.codes[code] ?? 0) + 1;
    current.count++;
    if (current.count === 1) background(closeInTime(current));
  };

  function windowAt(now: number): Window {
    if (window !== undefined && !hasPassed(window.since, now)) return window;
    if (window !== undefined) close(window);
    window = { since: now, lines: 0, count: 0, codes: {} };
    return window;
  }

  async function closeInTime(one: Window): Promise<void> {
    await ports.pause(ANONYMOUS_WINDOW_SECONDS * 1000);
    close(one);
  }

  /** Tells of a window, once: by the first request after it, or behind one of its own answers. */
  function close(one: Window): void {
    if (one === window) window = undefined;
    if (one.count === 0) return;
    const { since, count, codes } = one;
    one.count = 0;
    ports.writeCounted({ since, count, codes });
  }
}

/** A clock that was set back ends a window, too. */
function hasPassed(since: number, now: number): boolean {
  return now - since >= ANONYMOUS_WINDOW_SECONDS || now < since;
}

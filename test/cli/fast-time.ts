/** Time that runs faster than the real one, alike in every process that reads it, so that a lifetime passes in seconds. */
export const SPEED = 10;
export const EPOCH_MS = Date.UTC(2026, 10, 1);

export function fastNowMs(): number {
  return EPOCH_MS + (Date.now() - EPOCH_MS) * SPEED;
}

/** What a built program imports first to be on fast time. */
export const FAST_TIME = `${new URL("fast-preload.mjs", import.meta.url).href}?epoch=${EPOCH_MS}&speed=${SPEED}`;

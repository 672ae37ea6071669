/** Rejects when the deadline passes first, whether or not what is waited for heeds the signal. */
export function withinDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let expire = (): void => undefined;
  const deadline = new Promise<never>((_, reject) => {
    expire = () => reject(signal.reason);
  });
  if (signal.aborted) expire();
  else signal.addEventListener("abort", expire, { once: true });
  return Promise.race([work, deadline]).finally(() => signal.removeEventListener("abort", expire));
}

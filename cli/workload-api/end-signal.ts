/** The signals by which a CI system, a shell or a person ends a server. */
const ENDING = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Ends once this process is asked to end. */
export function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ENDING) process.once(signal, () => resolve());
  });
}

/** The signals by which a CI system, a shell or a person ends a process. */
const ENDING = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** A request to end that is awaited instead of obeyed at once, so that nothing is left behind. */
export interface EndSignal {
  readonly given: Promise<NodeJS.Signals>;
  /** From now on, signals do again what they do by default. */
  readonly ignore: () => void;
}

export function awaitEndSignal(): EndSignal {
  let give = (_: NodeJS.Signals): void => {};
  const given = new Promise<NodeJS.Signals>((resolve) => {
    give = resolve;
  });
  for (const signal of ENDING) process.on(signal, give);
  const ignore = (): void => {
    for (const signal of ENDING) process.off(signal, give);
  };
  return { given, ignore };
}

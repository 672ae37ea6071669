/** The environment variables of a job. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the value without white space around it; an empty variable counts as absent, since CI systems leave both. */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim() ?? "";
  return value === "" ? undefined : value;
}

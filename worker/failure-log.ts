/**
 * Logs a defect or a broken part of the platform. Only the kind of error and where it arose: messages of libraries may
 * quote what they were given, and that may be a token.
 */
export function logFailure(where: string): (cause: unknown) => void {
  return (cause) => {
    const name = cause instanceof Error ? cause.name : typeof cause;
    const frames = cause instanceof Error ? (cause.stack ?? "").split("\n").filter(isFrame).slice(0, 5) : [];
    console.error(JSON.stringify({ event: "failure", where, name, at: frames.map((frame) => frame.trim()) }));
  };
}

function isFrame(line: string): boolean {
  return line.trimStart().startsWith("at ");
}

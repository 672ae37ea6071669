/**
 * One line of the log, with text of another party in it. The runner reads commands from logs: `::` at the beginning of a
 * line, and `##[` anywhere (actions/runner, ActionCommand.cs).
 */
export function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, "?").replaceAll("##[", "# #[");
}

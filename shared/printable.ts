/**
 * Characters that a terminal or a log executes or hides: controls (C0, DEL and C1), format characters (bidirectional
 * marks, zero-width and invisible ones), line and paragraph separators, halves of a surrogate pair.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Where a CI system reads a command out of a log: GitHub's runner finds `##[add-mask]` anywhere in a line and `::` at
 * its start, Azure DevOps `##vso[`, TeamCity `##teamcity[`. GitLab's section marks begin with an escape character.
 */
const COMMAND = /##(?=\[|vso\[|teamcity\[)|^\s*::/giu;

/**
 * Text of another party as one harmless line: what would be executed or hidden becomes escapes such as `\u001b`.
 * Everything that others say is printed through this function: by the Action, by the CLI, and in its files.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped).replace(COMMAND, (command) => {
    const last = command.length - 1;
    return command.slice(0, last) + escaped(command.charAt(last));
  });
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** Colours of a terminal (ECMA-48 SGR), or none. */
export type Paint = Readonly<Record<Style, (text: string) => string>>;
type Style = "good" | "bad" | "warn" | "dim" | "bold";

const SGR: Readonly<Record<Style, readonly [number, number]>> = {
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** @param env `NO_COLOR` and `FORCE_COLOR` decide, whatever the stream is (https://no-color.org). */
export function createPaint(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const forced = (env["FORCE_COLOR"] ?? "") !== "" && env["FORCE_COLOR"] !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const coloured = forced || (!refused && stream.isTTY === true);
  const style = (name: Style) => {
    const [on, off] = SGR[name];
    return (text: string): string => (coloured ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
  return {
    good: style("good"),
    bad: style("bad"),
    warn: style("warn"),
    dim: style("dim"),
    bold: style("bold"),
  };
}

/** Text from outside as one harmless line: control characters, which a terminal would obey, become escapes. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

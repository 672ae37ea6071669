/** Functions that add the colours of a terminal (ECMA-48 SGR) to a text, or return it as it is. */
export type Paint = Readonly<Record<Style, (text: string) => string>>;
type Style = "good" | "bad" | "warn" | "dim" | "bold";

const SGR: Readonly<Record<Style, readonly [number, number]>> = {
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** @param env `FORCE_COLOR` and `NO_COLOR` (https://no-color.org) win over what the stream is. */
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

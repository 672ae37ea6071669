import type { ClientPorts } from "../shared/client/exchange.ts";
import type { ProxyState } from "./proxy.ts";
import type { Paint } from "./terminal/paint.ts";

/** What a command may use of the process around it. Only `main.ts` makes one. */
export interface Ports extends ClientPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly readStdin: () => Promise<string>;
  /** Writes a line to standard error: progress, or a warning. Standard output has the result alone. */
  readonly note: (line: string) => void;
  /** Writes to standard output before the command has ended: the part of its result that others wait for. */
  readonly print: (text: string) => void;
  readonly paint: Paint;
  readonly proxy: ProxyState;
}

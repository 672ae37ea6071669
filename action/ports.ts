import type { ClientPorts } from "../shared/client/exchange.ts";

/** What the step may touch of the process around it. Only `main.ts` makes one. */
export interface ActionPorts extends ClientPorts {
  /** Tells the runner to hide a value in every log from now on. */
  readonly mask: (secret: string) => void;
}

import type { ClientPorts } from "../../shared/client/exchange.ts";
import type { IdTokenService } from "../../shared/client/id-token.ts";
import type { ServerPorts } from "../../shared/grpc/server.ts";
import type { Reply } from "./messages.ts";

/** What the background process may touch of the world around it. Only `serve.ts` makes one. */
export interface JobPorts extends ClientPorts, ServerPorts {
  readonly service: IdTokenService | undefined;
  /** Tells the step, which waits for it, how the process began. Ends once the step has it; throws where it is gone. */
  readonly reply: (answer: Reply) => Promise<void>;
}

import type { UpstreamKeys } from "../issuers/upstream-keys.ts";
import type { SigningKeys } from "../signing/isolate/signing-keys.ts";
import { createVerifyCaller } from "./caller.ts";
import type { GatewayParts } from "./gateway.ts";
import { createJobCaller } from "./job-caller.ts";
import type { OriginOf } from "./origin.ts";
import { createOwnKeys } from "./own-keys.ts";
import { Passes } from "./passes.ts";
import { createSvidCaller } from "./svid-caller.ts";

interface GatewayPorts {
  readonly signingKeys: SigningKeys;
  readonly upstreamKeys: UpstreamKeys;
  readonly originOf: OriginOf;
}

/** The gateway of one isolate. */
export function createGateway({ signingKeys, upstreamKeys, originOf }: GatewayPorts): GatewayParts {
  const verifyCaller = createVerifyCaller({
    svid: createSvidCaller(createOwnKeys(signingKeys)),
    "id-token": createJobCaller(upstreamKeys),
  });
  return { verifyCaller, signingKeys, passes: new Passes(), originOf };
}

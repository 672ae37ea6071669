import {
  ID_TOKEN_PROTOCOLS,
  type IdTokenFailure,
  type IdTokenProtocol,
  type IdTokenService,
  idTokenService,
  requestIdToken,
} from "../../shared/client/id-token.ts";
import { networkAdvice } from "../../shared/client/network-advice.ts";
import type { FailedAttempt } from "../../shared/client/retry.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Failure } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import type { TokenOrigin } from "./origin.ts";

/** A CI provider whose jobs get ID tokens from a service over HTTP. */
interface Provider {
  readonly protocol: IdTokenProtocol;
  /** The name of the token service, for messages. */
  readonly name: string;
  /** What the user does where the service refuses. */
  readonly refusedNext: string;
}

const PROVIDERS: readonly Provider[] = [
  {
    protocol: ID_TOKEN_PROTOCOLS.github,
    name: "GitHub's token service",
    refusedNext: "Give the job `permissions: id-token: write`, and run it again.",
  },
  {
    protocol: ID_TOKEN_PROTOCOLS.azure,
    name: "Azure DevOps' token service",
    refusedNext: "Add `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` to the env of the step.",
  },
];

type ServicePorts = Pick<Ports, "env" | "fetch" | "nowMs">;

/** @returns the first token service that the environment of the job names. */
export function serviceOrigin(audience: string, ports: ServicePorts): TokenOrigin | undefined {
  for (const provider of PROVIDERS) {
    const service = idTokenService(provider.protocol, ports.env);
    if (service === undefined) continue;
    const get = (signal: AbortSignal) => request(provider, service, audience, ports, signal);
    return { name: provider.name, renewable: true, get };
  }
  return undefined;
}

async function request(
  provider: Provider,
  service: IdTokenService,
  audience: string,
  ports: ServicePorts,
  signal: AbortSignal,
): Promise<Result<string, FailedAttempt<Failure>>> {
  const token = await requestIdToken(service, audience, ports, signal);
  if (token.ok) return token;
  const { failure, ...rest } = token.error;
  return err({ failure: explain(failure, provider, service), ...rest });
}

function explain(failure: IdTokenFailure, { name, refusedNext }: Provider, service: IdTokenService): Failure {
  const subject = `${name} (${new URL(service.url).host})`;
  const unavailable = (message: string, ...next: readonly string[]): Failure => ({
    exit: 1,
    code: "id_token_unavailable",
    message,
    next,
  });
  switch (failure.code) {
    case "id_token_refused":
      return unavailable(`${subject} refused the ID token with status ${failure.status}.`, refusedNext);
    case "id_token_malformed":
      return unavailable(
        `The response of ${subject} has no token: "${service.protocol.member}" is missing.`,
        refusedNext,
      );
    case "id_token_unreachable": {
      const { meaning, advice } = networkAdvice(failure.cause, { url: service.protocol.urlVariable });
      return unavailable(
        `${subject} could not be reached: ${meaning} (${failure.errno ?? failure.cause}).`,
        advice,
        "Run the job again. If it fails again, look at the status page of the CI provider.",
      );
    }
  }
}

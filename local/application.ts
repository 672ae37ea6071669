import { createRemoteJWKSet, jwtVerify } from "jose";
import { type Server, serve } from "./serve.ts";

/** The application's name, and the first label of its host: every `*.localhost` is this machine (RFC 6761 §6.3). */
export const APPLICATION = "hello";

/**
 * An application that can ask no exchange: it reads one header, and believes it because a JOSE library verifies it by
 * the exchange's published keys. Its answer says who called. A request that did not come through the gateway is refused.
 *
 * @param exchange gives the exchange's issuer and address, once it is known.
 */
export function serveApplication(exchange: () => string): Promise<Server> {
  return serve(async (origin) => async ({ headers }) => {
    const issuer = exchange();
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const assertion = headers.get("svid-jwt-assertion") ?? "";
    try {
      const { payload } = await jwtVerify(assertion, keys, { issuer, audience: origin });
      const { sub, roles, traits } = payload;
      return Response.json({ hello: sub, roles, traits, assertion: payload });
    } catch {
      return Response.json({ error: "There is no assertion that holds." }, { status: 403 });
    }
  });
}

/** The application's entry in the trust document: the job that deploys orders-api is let in, and nobody else. */
export function applicationEntry(host: string, origin: string): object {
  return {
    name: APPLICATION,
    host,
    origin,
    rules: [
      {
        match: { "svid.id": { glob: "spiffe://*/github/*/brightfen/orders-api/env/production" } },
        roles: ["{{ svid.claim.roles }}"],
        traits: { repository: ["{{ svid.claim.repository }}"] },
      },
    ],
  };
}

import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from "jose";
import { parseMinted } from "../shared/client/response.ts";
import { exchangeForm, type Minted } from "../shared/wire.ts";
import { now } from "./clock.ts";
import type { World } from "./world.ts";

/** One CI job that wants an SVID for one audience. */
export interface Job {
  readonly name: string;
  readonly audience: string;
  /** Gets the job's ID token as the provider hands it out. */
  readonly idToken: (exchange: string) => Promise<string>;
}

/** What came of a job's exchange, with the claims that a relying party read after it had verified the SVID. */
export interface Exchanged {
  readonly asked: JWTPayload;
  readonly answer: Minted;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: JWTPayload;
}

export const AUDIENCE = "https://vault.example.org";

/** A GitHub job asks the runner's token service; a GitLab job was handed its token at its start. */
export function jobs({ github, gitlab }: World): readonly Job[] {
  return [
    {
      name: "GitHub Actions",
      audience: AUDIENCE,
      idToken: async (exchange) => {
        const url = new URL(github.requestUrl);
        url.searchParams.set("audience", exchange);
        const response = await fetch(url, { headers: { authorization: `bearer ${github.requestToken}` } });
        const { value } = (await response.json()) as { value: string };
        return value;
      },
    },
    { name: "GitLab CI", audience: AUDIENCE, idToken: (exchange) => gitlab.token(exchange, now()) },
  ];
}

/** Exchanges, then verifies as a stranger would: with a JOSE library and the published key set, nothing else. */
export async function runJob(job: Job, exchange: string): Promise<Exchanged> {
  const subjectToken = await job.idToken(exchange);
  const response = await fetch(`${exchange}/token`, {
    method: "POST",
    body: exchangeForm({ subjectToken, audience: job.audience }),
  });
  const answer = parseMinted(response.status, await response.json());
  if (!answer.ok) throw new Error(`${job.name} got no SVID: ${JSON.stringify(answer.error)}`);
  const keys = createRemoteJWKSet(new URL(await jwksUri(exchange)));
  const options = { issuer: exchange, audience: job.audience, requiredClaims: ["exp", "iat", "sub", "jti"] };
  const verified = await jwtVerify(answer.value.svid, keys, options);
  return {
    asked: decodeJwt(subjectToken),
    answer: answer.value,
    header: { ...verified.protectedHeader },
    claims: verified.payload,
  };
}

async function jwksUri(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { jwks_uri } = (await response.json()) as { jwks_uri: string };
  return jwks_uri;
}

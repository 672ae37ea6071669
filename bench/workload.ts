import type { GithubIssuer } from "../local/github.ts";
import { exchangeForm } from "../shared/wire.ts";
import type { Measurement } from "./edge.ts";

const ORIGIN = "https://svid.example.org";
const AUDIENCE = "https://vault.example.org";
const APPLICATION_HOST = "grafana.apps.example.org";
/** Rounds by turns, and how long each task runs in one: short rounds, so that a slow moment of the machine hits both sides. */
const ROUNDS = 15;
const ROUND_MS = 40;

/**
 * The same job against a document of ten policies and one of ten thousand, in both of which one matches; and against an
 * application whose origin listens at `applicationOrigin`.
 */
export async function workload(github: GithubIssuer, applicationOrigin: string): Promise<Measurement> {
  const now = Math.floor(Date.now() / 1000);
  const formFor = async (audience: string): Promise<string> =>
    exchangeForm({ subjectToken: await github.token(ORIGIN, now), audience }).toString();
  const form = await formFor(AUDIENCE);
  return {
    documents: {
      small: JSON.stringify(trustDocument(github.issuer, 10)),
      large: JSON.stringify(trustDocument(github.issuer, 10_000)),
    },
    forms: { small: form, large: form },
    origin: ORIGIN,
    gateway: {
      document: JSON.stringify({
        ...trustDocument(github.issuer, 10),
        applications: [application(applicationOrigin)],
      }),
      host: APPLICATION_HOST,
      origin: applicationOrigin,
      form: await formFor(`https://${APPLICATION_HOST}`),
    },
    rounds: ROUNDS,
    roundMs: ROUND_MS,
  };
}

function application(origin: string): object {
  return {
    name: "grafana",
    host: APPLICATION_HOST,
    origin,
    rules: [
      {
        match: { "svid.id": { glob: "spiffe://ci.example.org/github/*/env/*" } },
        roles: ["Editor"],
        traits: { repository: ["{{ svid.claim.repository }}"] },
      },
    ],
    rewrite: { headers: ["X-Repository: {{ external.repository }}"] },
  };
}

function trustDocument(issuer: string, policies: number): object {
  return {
    version: 1,
    trustDomain: "ci.example.org",
    issuer: ORIGIN,
    allowedIssuers: [{ id: "github", type: "github", issuer, replay: "off" }],
    policies: Array.from({ length: policies }, (_, index) =>
      policy(index === 0 ? "1342205517" : String(2e9 + index), index),
    ),
  };
}

function policy(repositoryId: string, index: number): unknown {
  return {
    name: `deploy-${index}`,
    issuer: "github",
    match: {
      "jwt.claim.repository_owner_id": "214907733",
      "jwt.claim.repository_id": repositoryId,
      "jwt.claim.environment": ["production", "staging"],
      "jwt.claim.ref": { glob: "refs/heads/**" },
    },
    spiffeId:
      "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}/env/{{ jwt.claim.environment }}",
    audiences: [AUDIENCE, `https://${APPLICATION_HOST}`],
    claims: { repository: "{{ jwt.claim.repository }}" },
  };
}

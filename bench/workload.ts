import type { GithubIssuer } from "../local/github.ts";
import { exchangeForm } from "../shared/wire.ts";
import type { Measurement } from "./edge.ts";

const ORIGIN = "https://svid.example.org";
const AUDIENCE = "https://vault.example.org";
/** Rounds by turns, and runs in each: short rounds, so that a slow moment of the machine hits both sides. */
const ROUNDS = 15;
const PER_ROUND = 200;

/** The same job against a document of ten policies and one of ten thousand; in both, one matches. */
export async function workload(github: GithubIssuer): Promise<Measurement> {
  const now = Math.floor(Date.now() / 1000);
  const form = exchangeForm({ subjectToken: await github.token(ORIGIN, now), audience: AUDIENCE }).toString();
  return {
    documents: {
      small: JSON.stringify(trustDocument(github.issuer, 10)),
      large: JSON.stringify(trustDocument(github.issuer, 10_000)),
    },
    forms: { small: form, large: form },
    origin: ORIGIN,
    rounds: ROUNDS,
    perRound: PER_ROUND,
  };
}

function trustDocument(issuer: string, policies: number): unknown {
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
    audiences: [AUDIENCE],
    claims: { repository: "{{ jwt.claim.repository }}" },
  };
}

import { AUDIENCE, granted, policy, type Row, refused } from "./row.ts";

const ENTRA = "api://AzureADTokenExchange";
const MATCH = { "jwt.claim.a": "1" };
const TWO = [AUDIENCE, { audience: ENTRA, algorithm: "RS256" }];

const ask = (
  it: string,
  more: Parameters<typeof policy>[1],
  audience: string | undefined,
  expected: Row["expected"],
): Row => ({
  it,
  issuer: "ci",
  policies: [policy(MATCH, more)],
  claims: { a: "1" },
  expected,
  ...(audience === undefined ? {} : { ask: { audience } }),
});

/** The audience, and what hangs on it: algorithm and lifetime. */
export const audienceRows: readonly Row[] = [
  ask("the only audience, asked for", {}, AUDIENCE, granted({ audience: AUDIENCE, algorithm: "ES256" })),
  ask("the only audience, not asked for", {}, undefined, granted({ audience: AUDIENCE })),
  ask("one of two", { audiences: TWO }, AUDIENCE, granted({ audience: AUDIENCE, algorithm: "ES256" })),
  ask(
    "the other of two, with an algorithm of its own",
    { audiences: TWO },
    ENTRA,
    granted({ audience: ENTRA, algorithm: "RS256" }),
  ),
  ask("none of two", { audiences: TWO }, undefined, refused("audience_required")),
  ask("an audience that is not listed", {}, "https://other.example.org", refused("audience_refused")),
  ask("an audience with a slash more", {}, `${AUDIENCE}/`, refused("audience_refused")),
  ask("an audience in other letters", {}, AUDIENCE.toUpperCase(), refused("audience_refused")),
  ask("the policy's algorithm", { algorithm: "RS256" }, AUDIENCE, granted({ algorithm: "RS256" })),
  ask(
    "an audience's algorithm beats the policy's",
    { algorithm: "RS256", audiences: [{ audience: AUDIENCE, algorithm: "ES256" }] },
    AUDIENCE,
    granted({ algorithm: "ES256" }),
  ),
  ask("the usual lifetime", {}, AUDIENCE, granted({ ttlSeconds: 300 })),
  ask("the policy's lifetime", { ttl: "1h" }, AUDIENCE, granted({ ttlSeconds: 3600 })),
  ask("no claims of its own", {}, AUDIENCE, granted({ claims: {} })),
];

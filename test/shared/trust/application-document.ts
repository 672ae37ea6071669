import { edit } from "./base-document.ts";
import type { Case } from "./problem-cases.ts";

/** An application without a problem. It stands in `BASE` from line 24 on. */
export const APPLICATION = `applications:
  - name: grafana
    host: grafana.apps.example.org
    audience: https://vault.example.org
    accept: [svid, id-token]
    rules:
      - match: {svid.id: {glob: "spiffe://ci.example.org/github/*"}}
        roles: [Editor]
        traits: {team: [platform]}
        username: "{{ svid.id | lower }}"
    origin: {certificate: GRAFANA, url: https://grafana.corp.example}
    assertion: {header: X-Caller, audience: https://grafana.corp.example, claims: roles, algorithm: RS256, ttl: 2m}
    rewrite:
      headers:
        - "X-Job: {{ svid.id }}"
        - "X-Team: {{ external.team }}"
    websocketLimit: assertion
`;

/** A case of a document that has this application, with one passage of it replaced. */
export function applicationCase(
  it: string,
  passage: string,
  replacement: string,
  found: readonly string[],
): Case {
  return [it, "tests:", `${edit(passage, replacement, APPLICATION)}tests:`, found];
}

/** The same, where the policy `test` gives its SVIDs claims and `deploy` gives none. */
export function applicationCaseWithClaims(
  claims: string,
  it: string,
  passage: string,
  replacement: string,
  found: readonly string[],
): Case {
  const end = "    audiences: [https://vault.example.org]\ntests:";
  const policy = end.replace("\ntests:", `\n    claims: ${claims}\n`);
  return [it, end, `${policy}${edit(passage, replacement, APPLICATION)}tests:`, found];
}

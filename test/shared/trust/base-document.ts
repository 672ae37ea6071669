/** A document without a problem. The tests of problems edit it. */
export const BASE = `version: 1
trustDomain: ci.example.org
issuer: https://svid.example.org
svid: {ttl: 5m, algorithm: ES256}
keys: {rotateEvery: 7d, algorithms: [ES256, RS256], revoked: []}
allowedIssuers:
  - {id: github, type: github, issuer: https://token.actions.githubusercontent.com}
  - id: corp
    type: gitlab
    issuer: https://gitlab.corp.example.org
policies:
  - name: deploy
    issuer: github
    match:
      jwt.claim.repository_id: "1342205517"
      jwt.claim.ref: refs/heads/main
    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}"
    audiences: [https://vault.example.org]
  - name: test
    issuer: corp
    match: {jwt.claim.project_id: "7"}
    spiffeId: "spiffe://{{ trustDomain }}/corp/7"
    audiences: [https://vault.example.org]
tests:
  - {name: main deploys, issuer: github, fixture: github/push, expect: {policy: deploy}}
`;

/** The document with one passage replaced. The passage must be there exactly once. */
export function edit(passage: string, replacement: string, document = BASE): string {
  const [before, after, ...more] = document.split(passage);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`not once: ${passage}`);
  return before + replacement + after;
}

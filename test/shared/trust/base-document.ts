import { compileTrust } from "../../../shared/trust/compile/trust.ts";
import { parseTrustYaml } from "../../../shared/trust/document/yaml.ts";
import { lintTrust } from "../../../shared/trust/lint/lint.ts";
import type { Problem } from "../../../shared/trust/model/problem.ts";
import { PUBLIC_RSA_KEY } from "./sample-document.ts";

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

/** What a case shows, the passage that it replaces, the replacement, and everything that is then found. */
export type Case = readonly [it: string, passage: string, replacement: string, found: readonly string[]];

/** The document of a case. */
export function documentOf([, passage, replacement]: Case): string {
  return edit(passage, replacement.replaceAll("@N", PUBLIC_RSA_KEY.n));
}

/** The document with one passage replaced. The passage must be there exactly once. */
export function edit(passage: string, replacement: string, document = BASE): string {
  const [before, after, ...more] = document.split(passage);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`not once: ${passage}`);
  return before + replacement + after;
}

/** Everything that is wrong with a document or not meant, one line each: `LINE:COLUMN severity rule: message`. */
export function problemsOf(yaml: string): string[] {
  const parsed = parseTrustYaml(yaml);
  if (!parsed.ok) return parsed.error.map((problem) => shown(problem, problem));
  const compiled = compileTrust(parsed.value.value);
  const problems = compiled.ok ? lintTrust(compiled.value) : compiled.error;
  return problems.map((problem) => shown(problem, parsed.value.positionOf(problem.path)));
}

function shown(
  { severity, rule, message }: Problem,
  { line, column }: { line: number; column: number },
): string {
  return `${line}:${column} ${severity} ${rule}: ${message}`;
}

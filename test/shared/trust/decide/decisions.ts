import { reasonOf } from "../../../../shared/denial.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { type DecisionRequest, decide } from "../../../../shared/trust/decide/decide.ts";
import { supposedAttributesOf } from "../../../../shared/trust/model/attributes.ts";
import { audienceRows } from "./decisions/audiences.ts";
import { conditionRows } from "./decisions/conditions.ts";
import { derivedRows } from "./decisions/derived.ts";
import { globRows } from "./decisions/globs.ts";
import { guardRows } from "./decisions/guards.ts";
import { identityRows } from "./decisions/identities.ts";
import type { Row } from "./decisions/row.ts";
import { selectionRows } from "./decisions/selection.ts";

/** The specification of decisions, as data: it runs in Node and in workerd. */
export const DECISIONS: readonly Row[] = [
  ...conditionRows,
  ...globRows,
  ...derivedRows,
  ...guardRows,
  ...selectionRows,
  ...audienceRows,
  ...identityRows,
];

/** Decides one row and says what came of it, and the whole reason of a refusal, in the words of its expectation. */
export function decideRow(row: Row): Row["expected"] {
  const compiled = compileTrust(documentOf(row));
  if (!compiled.ok) throw new Error(`${row.it}: ${JSON.stringify(compiled.error)}`);
  const issuer = [...compiled.value.issuers.values()].find(({ id }) => id === row.issuer);
  if (issuer === undefined) throw new Error(`${row.it}: no issuer ${row.issuer}`);
  const request: DecisionRequest = row.ask ?? {};
  const decision = decide(compiled.value, issuer, supposedAttributesOf(issuer, row.claims), request);
  if (!decision.ok) {
    const { code, detail, checks = [] } = reasonOf(decision.error);
    const failed = checks
      .filter(({ pass }) => !pass)
      .map(({ policy, attribute }) => `${policy} ${attribute}`);
    const named = row.expected.kind === "refused" && row.expected.detail !== undefined ? { detail } : {};
    return { kind: "refused", code, failed, ...named };
  }
  const { policy, spiffeId, audience, algorithm, ttlSeconds, claims } = decision.value;
  const all = {
    policy,
    id: spiffeId.replace("spiffe://ci.example.org/", ""),
    audience,
    algorithm,
    ttlSeconds,
    claims,
  };
  const asked = row.expected.kind === "granted" ? Object.keys(row.expected.grant) : Object.keys(all);
  const grant = Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
  return { kind: "granted", grant };
}

function documentOf(row: Row) {
  return {
    version: 1,
    trustDomain: "ci.example.org",
    issuer: "https://svid.example.org",
    allowedIssuers: [
      { id: "github", type: "github", issuer: "https://token.actions.githubusercontent.com" },
      { id: "gitlab", type: "gitlab", issuer: "https://gitlab.com" },
      { id: "ghes", type: "github", issuer: "https://github.corp.example.org/_services/token" },
      { id: "lab", type: "gitlab", issuer: "https://gitlab.corp.example.org" },
      { id: "ci", type: "jwt", issuer: "https://ci.example.net" },
    ],
    policies: row.policies,
  };
}

import { applicationCase, applicationCaseWithClaims } from "../application-document.ts";
import type { Case, Cases } from "../problem-cases.ts";

const cases = (rows: readonly (readonly [string, string, string, readonly string[]])[]): readonly Case[] =>
  rows.map((row) => applicationCase(...row));

const RULE = `- match: {svid.id: {glob: "spiffe://ci.example.org/github/*"}}
        roles: [Editor]
        traits: {team: [platform]}
        username: "{{ svid.id | lower }}"`;
const ORIGIN = "{certificate: GRAFANA, url: https://grafana.corp.example}";

/** What the lints find in an application, by rule: the passage of `APPLICATION` that is replaced, and what is then found. */
export const APPLICATION_LINT_CASES: Cases = {
  ["unbound-origin"]: cases([
    [
      "a service that the Worker does not have",
      ORIGIN,
      "{service: LOKI}",
      [
        "34:14 warning unbound-origin: wrangler's configuration has no binding LOKI, so that the gateway answers origin_not_bound; add it there under [[services]]",
      ],
    ],
    [
      "a private network that the Worker does not have",
      ORIGIN,
      "{vpc: LOKI}",
      [
        "34:14 warning unbound-origin: wrangler's configuration has no binding LOKI, so that the gateway answers origin_not_bound; add it there under [[vpc_services]]",
      ],
    ],
    [
      "a certificate that the Worker does not have",
      "{certificate: GRAFANA, url",
      "{certificate: LOKI, url",
      [
        "34:14 warning unbound-origin: wrangler's configuration has no binding LOKI, so that the gateway answers origin_not_bound; add it there under [[mtls_certificates]]",
      ],
    ],
    ["a binding that the Worker has is fine", ORIGIN, "{vpc: GRAFANA}", []],
  ]),
  ["origin-passed-by"]: cases([
    [
      "an address, and a header without a signature",
      ORIGIN,
      "https://grafana.corp.example",
      [
        "34:5 warning origin-passed-by: whoever knows the origin's address can send requests past the gateway, with any value of X-Job; use {certificate, url}, {vpc} or {service}",
      ],
    ],
    [
      "an address alone",
      `${ORIGIN}
    assertion: {header: X-Caller, audience: https://grafana.corp.example, claims: roles, algorithm: RS256, ttl: 2m}
    rewrite:
      headers:
        - "X-Job: {{ svid.id }}"
        - "X-Team: {{ external.team }}"`,
      "https://grafana.corp.example",
      [
        "34:5 note origin-passed-by: whoever knows the origin's address can send requests past the gateway; have the application verify the assertion, or use {certificate, url}, {vpc} or {service}",
      ],
    ],
    ["a service binding is fine", ORIGIN, "{service: GRAFANA}", []],
  ]),
  ["uncalled-application"]: cases([
    [
      "an audience of no policy",
      "audience: https://vault.example.org",
      "audience: https://grafana.apps.example.org",
      [
        "27:5 warning uncalled-application: no policy has the audience https://grafana.apps.example.org, so that nobody gets in; add it to the audiences of a policy",
      ],
    ],
    [
      "no audience, which is then the host",
      "    audience: https://vault.example.org\n",
      "",
      [
        "25:5 warning uncalled-application: no policy has the audience https://grafana.apps.example.org, so that nobody gets in; add it to the audiences of a policy",
      ],
    ],
  ]),
  ["never-matches"]: [
    ...cases([
      [
        "a pattern of another depth",
        "github/*",
        "github/*/env/production",
        [
          "30:17 warning never-matches: no caller meets this condition: the policy deploy, for example, grants spiffe://ci.example.org/github/1342205517; write such an ID, or a pattern for it",
        ],
      ],
      [
        "a pattern of another trust domain",
        "spiffe://ci.example.org/github/*",
        "spiffe://ci.example.net/github/*",
        [
          "30:17 warning never-matches: no caller meets this condition: the policy deploy, for example, grants spiffe://ci.example.org/github/1342205517; write such an ID, or a pattern for it",
        ],
      ],
      [
        "a pattern of another word",
        "github/*",
        "gitlab/**",
        [
          "30:17 warning never-matches: no caller meets this condition: the policy deploy, for example, grants spiffe://ci.example.org/github/1342205517; write such an ID, or a pattern for it",
        ],
      ],
      [
        "a SPIFFE ID that no policy grants",
        '{glob: "spiffe://ci.example.org/github/*"}',
        "spiffe://ci.example.org/github/8",
        [
          "30:17 warning never-matches: no caller meets this condition: the policy deploy, for example, grants spiffe://ci.example.org/github/1342205517; write such an ID, or a pattern for it",
        ],
      ],
      [
        "a claim that no policy gives",
        "{svid.id: {glob",
        "{svid.claim.team: platform, svid.id: {glob",
        [
          "30:17 warning never-matches: no caller meets this condition: no policy gives its SVIDs the claim team; add it to the claims of a policy",
        ],
      ],
      [
        "the SPIFFE ID of one policy is fine",
        '{glob: "spiffe://ci.example.org/github/*"}',
        "spiffe://ci.example.org/github/1342205517",
        [],
      ],
      ["patterns that stand for more are fine", "spiffe://ci.example.org/github/*", "spiffe://*/**", []],
    ]),
    applicationCaseWithClaims(
      "{role: deployer, teams: [a, b], job: {id: x}}",
      "a value that no policy gives a claim",
      "{svid.id: {glob",
      "{svid.claim.role: admin, svid.id: {glob",
      [
        "31:17 warning never-matches: no caller meets this condition: no policy gives role such a value; correct one of the two",
      ],
    ),
    applicationCaseWithClaims(
      "{role: deployer}",
      "the ID of one policy and the claim of another",
      "{svid.id: {glob",
      "{svid.claim.role: deployer, svid.id: {glob",
      ["31:9 warning never-matches: no caller meets all of these conditions; write a rule for each policy"],
    ),
    applicationCaseWithClaims(
      "{role: deployer}",
      "the absence of a claim that the only policy gives",
      '{svid.id: {glob: "spiffe://ci.example.org/github/*"}}',
      "{svid.id: spiffe://ci.example.org/corp/7, svid.claim.role: {exists: false}}",
      ["31:9 warning never-matches: no caller meets all of these conditions; write a rule for each policy"],
    ),
    applicationCaseWithClaims(
      '{teams: [a, b], job: {id: x}, ref: "{{ jwt.claim.ref }}"}',
      "values that a policy gives, or may give, are fine",
      '{svid.id: {glob: "spiffe://ci.example.org/github/*"}}',
      "{svid.claim.teams: b, svid.claim.job.id: x, svid.claim.ref: main, svid.claim.other: {exists: false}}",
      [],
    ),
  ],
  ["shadowed-rule"]: cases([
    [
      "a rule below a wider one",
      RULE,
      `- match: {svid.id: {glob: "spiffe://ci.example.org/**"}}
        roles: [Viewer]
        traits: {team: [all]}
      ${RULE}
      - match: {svid.id: {glob: "spiffe://ci.example.org/**"}, svid.claim.team: {exists: false}}
        roles: [Editor]
        traits: {team: [platform]}`,
      [
        "37:9 warning shadowed-rule: rule 1 matches whatever this rule matches, and comes first; put this rule before it, or remove this rule",
      ],
    ],
    [
      "a rule below one for everybody",
      RULE,
      `- match: {svid.id: {exists: true}}
        roles: [Viewer]
        traits: {team: [all]}
      ${RULE}`,
      [
        "33:9 warning shadowed-rule: rule 1 matches whatever this rule matches, and comes first; put this rule before it, or remove this rule",
      ],
    ],
    [
      "a rule below a list that has its value",
      RULE,
      `- match: {svid.id: [spiffe://ci.example.org/github/1342205517, spiffe://ci.example.org/corp/7]}
        roles: [Viewer]
        traits: {team: [all]}
      - match: {svid.id: spiffe://ci.example.org/corp/7}
        roles: [Editor]
        traits: {team: [all]}`,
      [
        "33:9 warning shadowed-rule: rule 1 matches whatever this rule matches, and comes first; put this rule before it, or remove this rule",
      ],
    ],
    [
      "a rule above a wider one is fine",
      RULE,
      `${RULE}
      - match: {svid.id: {glob: "spiffe://ci.example.org/**"}}
        roles: [Viewer]
        traits: {team: [all]}`,
      [],
    ],
  ]),
  ["empty-roles"]: cases([
    [
      "a rule without roles",
      "        roles: [Editor]\n",
      "",
      [
        "30:9 note empty-roles: the assertion has an empty list of roles, for which many applications have a default role; write roles, or claims: none",
      ],
    ],
    [
      "no roles in a rule and none in the assertion are fine",
      `        roles: [Editor]
        traits: {team: [platform]}
        username: "{{ svid.id | lower }}"
    origin: {certificate: GRAFANA, url: https://grafana.corp.example}
    assertion: {header: X-Caller, audience: https://grafana.corp.example, claims: roles,`,
      `        traits: {team: [platform]}
    origin: {certificate: GRAFANA, url: https://grafana.corp.example}
    assertion: {header: X-Caller, audience: https://grafana.corp.example, claims: traits,`,
      [],
    ],
  ]),
  ["unrenderable"]: cases([
    [
      "a role of a claim that no policy gives",
      "[Editor]",
      '["{{ svid.claim.role }}"]',
      [
        "31:9 warning unrenderable: no policy gives its SVIDs the claim role, so that the gateway refuses every caller as assertion_refused; add the claim to the policy, or narrow the rule",
      ],
    ],
    [
      "a trait of a claim that no policy gives",
      "[platform]",
      '["{{ svid.claim.team }}"]',
      [
        "32:18 warning unrenderable: no policy gives its SVIDs the claim team, so that the gateway refuses every caller as assertion_refused; add the claim to the policy, or narrow the rule",
      ],
    ],
    [
      "a username of a claim that no policy gives",
      "{{ svid.id | lower }}",
      "{{ svid.claim.user }}",
      [
        "33:9 warning unrenderable: no policy gives its SVIDs the claim user, so that the gateway refuses every caller as assertion_refused; add the claim to the policy, or narrow the rule",
      ],
    ],
    [
      "a header of a claim that no policy gives",
      "{{ external.team }}",
      "{{ svid.claim.team }}",
      [
        "39:11 warning unrenderable: no policy gives its SVIDs the claim team, so that the gateway refuses every caller as assertion_refused; add the claim to the policy, or narrow the rule",
      ],
    ],
    [
      "a header of a trait that a rule does not give",
      RULE,
      `${RULE}
      - match: {svid.id: {glob: "spiffe://ci.example.org/corp/*"}}
        roles: [Viewer]`,
      [
        "41:11 warning unrenderable: rule 2 gives no trait team, so that the gateway refuses its callers as assertion_refused; add the trait to the rule, or remove the header",
      ],
    ],
  ]),
  ["may-be-missing"]: [
    applicationCaseWithClaims(
      "{role: deployer}",
      "a role of a claim that some callers have",
      '{glob: "spiffe://ci.example.org/github/*"}}\n        roles: [Editor]',
      '{exists: true}}\n        roles: ["{{ svid.claim.role }}"]',
      [
        "32:9 note may-be-missing: the policy deploy gives its SVIDs no claim role, so that the gateway refuses its callers as assertion_refused; add the claim to the policy, or narrow the rule",
      ],
    ),
    applicationCaseWithClaims(
      "{role: deployer}",
      "a header of a claim that some callers have",
      `${RULE}
    origin: {certificate: GRAFANA, url: https://grafana.corp.example}
    assertion: {header: X-Caller, audience: https://grafana.corp.example, claims: roles, algorithm: RS256, ttl: 2m}
    rewrite:
      headers:
        - "X-Job: {{ svid.id }}"
        - "X-Team: {{ external.team }}"`,
      `- {match: {svid.id: {exists: true}}, roles: [Editor]}
    origin: {certificate: GRAFANA, url: https://grafana.corp.example}
    rewrite:
      headers:
        - "X-Role: {{ svid.claim.role }}"`,
      [
        "35:11 note may-be-missing: the policy deploy gives its SVIDs no claim role, so that the gateway refuses its callers as assertion_refused; add the claim to the policy, or narrow the rule",
      ],
    ),
    applicationCaseWithClaims(
      "{role: deployer}",
      "a role of a claim that the rule asks for is fine",
      '{glob: "spiffe://ci.example.org/github/*"}}\n        roles: [Editor]',
      '{exists: true}, svid.claim.role: {exists: true}}\n        roles: ["{{ svid.claim.role }}"]',
      [],
    ),
  ],
  ["assertion-in-two-headers"]: cases([
    [
      "a header of its own and one of rewrite",
      "X-Team: {{ external.team }}",
      "Authorization: Bearer {{ internal.jwt }}",
      [
        "37:7 note assertion-in-two-headers: X-Caller and Authorization carry the assertion, and many applications take little more than 8 KiB of headers; write assertion: {header: none} if the application reads the other",
      ],
    ],
  ]),
  ["shared-assertion-audience"]: cases([
    [
      "two applications at one origin",
      "    websocketLimit: assertion\n",
      `    websocketLimit: assertion
  - name: loki
    host: loki.apps.example.org
    audience: https://vault.example.org
    origin: {certificate: GRAFANA, url: https://grafana.corp.example}
    rules: [{match: {svid.id: {exists: true}}, roles: [Viewer]}]
`,
      [
        "41:5 warning shared-assertion-audience: grafana has the same assertion.audience, so that each of the two could use its assertions at the other; write another audience",
      ],
    ],
  ]),
};

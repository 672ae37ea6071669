import { APPLICATION, applicationCase } from "../application-document.ts";
import { BASE } from "../base-document.ts";
import type { Case, Cases } from "../problem-cases.ts";

const cases = (rows: readonly (readonly [string, string, string, readonly string[]])[]): readonly Case[] =>
  rows.map((row) => applicationCase(...row));

/** A case of a document that has the application and, instead of its own test, this one. */
function testCase(it: string, test: string, found: readonly string[]): Case {
  const [, own = ""] = BASE.split("tests:\n");
  return [it, `tests:\n${own}`, `${APPLICATION}tests:\n  - {name: t, ${test}}\n`, found];
}

/** What is refused of an application: the passage of `APPLICATION` that is replaced, and everything that is then found. */
export const APPLICATION_ERROR_CASES: Cases = {
  ["applications"]: cases([
    [
      "a host in capitals",
      "host: grafana",
      "host: Grafana",
      [
        '26:5 error shape: the value is "Grafana.apps.example.org"; write the exact Host of the requests, in lower case, such as grafana.apps.example.org',
      ],
    ],
    [
      "a host with a scheme",
      "host: grafana",
      "host: https://grafana",
      [
        '26:5 error shape: the value is "https://grafana.apps.example.org"; write the exact Host of the requests, in lower case, such as grafana.apps.example.org',
      ],
    ],
    [
      "a host with a wildcard",
      "host: grafana.apps.example.org",
      'host: "*.apps.example.org"',
      [
        '26:5 error shape: the value is "*.apps.example.org"; write the exact Host of the requests, in lower case, such as grafana.apps.example.org',
      ],
    ],
    [
      "a host with the port of https",
      "grafana.apps.example.org",
      "grafana.apps.example.org:443",
      [
        "26:5 error application-host: no request has the host grafana.apps.example.org:443; write grafana.apps.example.org",
      ],
    ],
    [
      "a host with a port that is none",
      "grafana.apps.example.org",
      "grafana.apps.example.org:99999",
      [
        "26:5 error application-host: grafana.apps.example.org:99999 is not a host; write one such as app.example.org",
      ],
    ],
    [
      "an address that is written otherwise",
      "host: grafana.apps.example.org",
      'host: "127.1"',
      ["26:5 error application-host: no request has the host 127.1; write 127.0.0.1"],
    ],
    [
      "the host of the exchange",
      "grafana.apps.example.org",
      "svid.example.org",
      [
        "26:5 error application-host: the exchange itself answers at this host; write a host of the application's own",
      ],
    ],
    [
      "a rule without conditions",
      'match: {svid.id: {glob: "spiffe://ci.example.org/github/*"}}\n        roles: [Editor]',
      "roles: [Editor]",
      ["30:9 error shape: match is missing; add it"],
    ],
    [
      "a token that is no caller's",
      "[svid, id-token]",
      "[svid, cookie]",
      ['28:20 error shape: the value is "cookie"; write svid or id-token'],
    ],
    [
      "an unknown entry",
      "websocketLimit",
      "webSocketLimit",
      ['40:5 error shape: "webSocketLimit" is not a known entry; did you mean websocketLimit?'],
    ],
    [
      "a lifetime too short",
      "ttl: 2m",
      "ttl: 5s",
      ['35:108 error shape: the value is "5s"; write a duration from 30s to 1h, such as 5m'],
    ],
    [
      "an unknown choice of claims",
      "claims: roles",
      "claims: role",
      [
        '35:75 error shape: the value is "role"; write one of roles-and-traits, roles, traits, none; did you mean roles?',
      ],
    ],
  ]),
  ["origins"]: cases([
    [
      "a private host without a binding",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "https://grafana.internal",
      ["34:5 error origin: the origin has a private host name; write {vpc: NAME, url: …}"],
    ],
    [
      "plain http",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "http://grafana.corp.example",
      [
        "34:5 error origin: the origin is not https; write https://, or write {vpc: NAME, url: …} for an application in a private network",
      ],
    ],
    [
      "an IP address",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "https://10.0.0.7",
      ["34:5 error origin: the origin has an IP address instead of a host name; write a public host name"],
    ],
    [
      "a path",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "https://grafana.corp.example/app",
      [
        "34:5 error origin: the origin is more than a scheme, a host and a port; write https://grafana.corp.example",
      ],
    ],
    [
      "a slash at the end",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "https://grafana.corp.example/",
      [
        "34:5 error origin: the origin is more than a scheme, a host and a port; write https://grafana.corp.example",
      ],
    ],
    [
      "no URL",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "grafana",
      ['34:5 error shape: the value is "grafana"; write an address such as https://grafana.corp.example'],
    ],
    [
      "a host that this Worker answers at",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "https://grafana.apps.example.org",
      [
        "34:5 error origin: this Worker itself answers at https://grafana.apps.example.org; write the address of the application",
      ],
    ],
    [
      "the exchange itself",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "https://svid.example.org",
      [
        "34:5 error origin: this Worker itself answers at https://svid.example.org; write the address of the application",
      ],
    ],
    [
      "no binding",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "{url: https://grafana.corp.example}",
      ["34:5 error origin: the origin has no binding, or several; write one of service, vpc and certificate"],
    ],
    [
      "two bindings",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "{service: A, vpc: B}",
      ["34:5 error origin: the origin has no binding, or several; write one of service, vpc and certificate"],
    ],
    [
      "a service with an address",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "{service: A, url: https://grafana.corp.example}",
      ["34:26 error origin: the service itself answers the requests; remove url"],
    ],
    [
      "a certificate without an address",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "{certificate: A}",
      ["34:5 error origin: the certificate has no address; add url: https://…"],
    ],
    [
      "a certificate for a private host",
      "url: https://grafana.corp.example",
      "url: https://grafana.internal",
      ["34:36 error origin: the origin has a private host name; write {vpc: NAME, url: …}"],
    ],
    [
      "a private network and no URL",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      '{vpc: A, url: "http://a:b"}',
      ["34:22 error origin: the origin is not a URL; write one such as http://grafana.internal:3000"],
    ],
    [
      "a private network and a path",
      "{certificate: GRAFANA, url: https://grafana.corp.example}",
      "{vpc: A, url: http://grafana.internal:3000/x}",
      [
        "34:22 error origin: the origin is more than a scheme, a host and a port; write http://grafana.internal:3000",
      ],
    ],
    [
      "a binding that is none",
      "certificate: GRAFANA",
      "certificate: my-cert",
      [
        '34:14 error shape: the value is "my-cert"; write the name of a binding of wrangler.toml, such as GRAFANA',
      ],
    ],
  ]),
  ["rules of applications"]: cases([
    [
      "a claim of the job's token",
      "svid.id: {glob",
      "jwt.claim.ref: {glob",
      [
        "30:17 error attribute: jwt.claim.ref is not an attribute of the caller's SVID; put the value into the claims of the policy, and write svid.claim.NAME here",
      ],
    ],
    [
      "an attribute that an issuer type derives",
      "svid.id: {glob",
      "github.workflow.path: {glob",
      [
        "30:17 error attribute: github.workflow.path is not an attribute of the caller's SVID; put the value into the claims of the policy, and write svid.claim.NAME here",
      ],
    ],
    [
      "a registered claim",
      "svid.id: {glob",
      "svid.claim.Aud: {glob",
      [
        "30:17 error attribute: Aud is a registered claim, which the gateway judges itself; write svid.id or another claim",
      ],
    ],
    [
      "a trait as a condition",
      "svid.id: {glob",
      "external.team: {glob",
      [
        '30:17 error attribute: external.team is for the headers of rewrite alone; write svid.id, svid.claim.NAME, or svid.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "a name in a condition",
      "svid.id: {glob",
      "team: {glob",
      [
        '30:17 error attribute: team is not an attribute of the caller\'s SVID; write svid.id, svid.claim.NAME, or svid.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "an attribute below the SPIFFE ID",
      "svid.id: {glob",
      "svid.id.path: {glob",
      [
        '30:17 error attribute: svid.id.path is not an attribute; write svid.id, svid.claim.NAME, or svid.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "no condition",
      'match: {svid.id: {glob: "spiffe://ci.example.org/github/*"}}',
      "match: {}",
      [
        "30:9 error condition: the value is an empty object; write 1 to 32 conditions, such as svid.claim.environment: production",
      ],
    ],
    [
      "the assertion as a role",
      "[Editor]",
      '["{{ internal.jwt }}"]',
      [
        '31:17 error template: in the template, internal.jwt is for the headers of rewrite alone; write svid.id, svid.claim.NAME, or svid.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "a username twice",
      '"{{ svid.id | lower }}"',
      "[a, b]",
      [
        "33:9 error shape: the value is a list; write a text or a template, such as {{ svid.claim.repository }}",
      ],
    ],
    [
      "an unknown attribute as a role",
      "[Editor]",
      '["{{ svid.claims.role }}"]',
      [
        '31:17 error template: in the template, svid.claims.role is not an attribute; write svid.id, svid.claim.NAME, or svid.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "a role twice",
      "[Editor]",
      "[Editor, Editor]",
      ['31:25 error duplicate: "Editor" is already in the list; remove this entry'],
    ],
    [
      "the filter path in a trait",
      "[platform]",
      '["{{ svid.id | path }}"]',
      ["32:25 error template: the filter path is for spiffeId alone; remove it here"],
    ],
    [
      "the name of a trait with a blank",
      "team:",
      '"my team":',
      [
        "32:18 error shape: the name of a trait may contain only A-Z a-z 0-9 _ . : / ~ -; use another name",
        "39:11 error reference: no rule gives the trait team; add it to the traits of a rule",
      ],
    ],
    [
      "a username that is no template",
      "{{ svid.id | lower }}",
      "{{ svid.id",
      [
        "33:9 error template: the placeholder of svid.id does not end with }}; write {{ attribute }} or {{ attribute | filter }}",
      ],
    ],
  ]),
  ["assertions and headers"]: cases([
    [
      "an audience of SVIDs",
      "audience: https://grafana.corp.example,",
      "audience: https://vault.example.org,",
      [
        "35:35 error application-audience: SVIDs have the audience https://vault.example.org, so that the application could use the assertion as an SVID of its caller; write another audience",
      ],
    ],
    [
      "the audience of the exchange",
      "audience: https://vault.example.org",
      "audience: https://svid.example.org",
      [
        "27:5 error application-audience: ID tokens for the exchange have the audience https://svid.example.org, so that one token would be good for both; write another audience",
      ],
    ],
    [
      "no audience for a service",
      "{certificate: GRAFANA, url: https://grafana.corp.example}\n    assertion: {header: X-Caller, audience: https://grafana.corp.example,",
      "{service: A}\n    assertion: {header: X-Caller,",
      ["35:5 error shape: audience is missing; add the aud that the application expects"],
    ],
    [
      "a header that is none",
      "header: X-Caller",
      'header: "X Caller"',
      ['35:17 error shape: the value is "X Caller"; write the name of a header, such as Svid-Jwt-Assertion'],
    ],
    [
      "a header with an underscore",
      "header: X-Caller",
      "header: X_Caller",
      ['35:17 error header: "X_Caller" is not the name of a header; write letters, digits and dashes'],
    ],
    [
      "a header of Cloudflare",
      "header: X-Caller",
      "header: CF-Connecting-IP",
      [
        "35:17 error header: CF-Connecting-IP belongs to HTTP, to Cloudflare or to the gateway; write another header",
      ],
    ],
    [
      "a header twice",
      "header: X-Caller",
      "header: x-team",
      ["39:11 error duplicate: another entry already has the header x-team; write another header"],
    ],
    [
      "no header that carries the assertion",
      "header: X-Caller",
      "header: none",
      [
        "35:17 error contradiction: no header carries the assertion; remove header, or add {{ internal.jwt }} to a header of rewrite",
      ],
    ],
    [
      "a rewrite without a value",
      "X-Team: {{ external.team }}",
      "X-Team:",
      ['39:11 error header: this is not a header; write one such as "X-Team: {{ external.team }}"'],
    ],
    [
      "a rewrite without a colon",
      "X-Team: {{ external.team }}",
      "X-Team",
      ['39:11 error header: this is not a header; write one such as "X-Team: {{ external.team }}"'],
    ],
    [
      "a rewrite of Host",
      "X-Team: {{ external.team }}",
      "Host: grafana",
      ["39:11 error header: Host belongs to HTTP, to Cloudflare or to the gateway; write another header"],
    ],
    [
      "an application of the same name",
      "    websocketLimit: assertion\n",
      `    websocketLimit: assertion
  - name: grafana
    host: grafana.apps.example.org
    origin: https://grafana2.corp.example
    rules: [{match: {svid.claim.team: platform}}]
`,
      [
        "41:5 error duplicate: another entry already has the name grafana; write another name",
        "42:5 error duplicate: another entry already has the host grafana.apps.example.org; write another host",
      ],
    ],
    [
      "a rewrite of a hop-by-hop header",
      "X-Team: {{ external.team }}",
      "Transfer-Encoding: chunked",
      [
        "39:11 error header: Transfer-Encoding belongs to HTTP, to Cloudflare or to the gateway; write another header",
      ],
    ],
    [
      "a rewrite of what the gateway says",
      "X-Team: {{ external.team }}",
      "x-forwarded-for: 1",
      [
        "39:11 error header: x-forwarded-for belongs to HTTP, to Cloudflare or to the gateway; write another header",
      ],
    ],
    [
      "a value that is not ASCII",
      "X-Team: {{",
      "X-Team: ü{{",
      ["39:11 error header: the value of a header may hold only printable ASCII; write other characters"],
    ],
    [
      "two traits in one header",
      "X-Team: {{ external.team }}",
      "X-Team: {{ external.team }} {{ external.team }}",
      [
        "39:11 error header: a header can hold one trait, whose values each make a header; write a header for each trait",
      ],
    ],
    [
      "a trait that no rule gives",
      "X-Team: {{ external.team }}",
      "X-Team: {{ external.group }}",
      ["39:11 error reference: no rule gives the trait group; add it to the traits of a rule"],
    ],
    [
      "a value with a comma for a header",
      "[platform]",
      '["platform, admins"]',
      [
        "39:11 error header: a value of the trait team holds a comma, which separates the values of a header; write another value",
      ],
    ],
    [
      "a filter on the assertion",
      "{{ external.team }}",
      "{{ internal.jwt | lower }}",
      ["39:11 error header: a filter would break the assertion; remove the filters of internal.jwt"],
    ],
    [
      "another internal value",
      "{{ external.team }}",
      "{{ internal.token }}",
      [
        "39:11 error template: in the template, internal.token is not an attribute; write internal.jwt, external.TRAIT, svid.id or svid.claim.NAME",
      ],
    ],
    [
      "a trait inside a trait",
      "{{ external.team }}",
      "{{ external.team.name }}",
      [
        "39:11 error template: in the template, external.team.name is not an attribute; write internal.jwt, external.TRAIT, svid.id or svid.claim.NAME",
      ],
    ],
    [
      "a claim of the job's token in a header",
      "{{ external.team }}",
      "{{ jwt.claim.ref }}",
      [
        "39:11 error template: in the template, jwt.claim.ref is not an attribute of the caller's SVID; put the value into the claims of the policy, and write svid.claim.NAME here",
      ],
    ],
    [
      "the filter path in a header",
      "{{ external.team }}",
      "{{ svid.id | path }}",
      ["39:11 error header: the filter path is for spiffeId alone; remove it here"],
    ],
  ]),
  ["attributes of applications in policies"]: [
    [
      "a claim of an SVID",
      "jwt.claim.ref: refs/heads/main",
      "svid.claim.ref: refs/heads/main",
      [
        '16:7 error attribute: svid.claim.ref is an attribute of applications, which policies do not have; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "the SPIFFE ID",
      "jwt.claim.ref: refs/heads/main",
      "svid.id: spiffe://ci.example.org/x",
      [
        '16:7 error attribute: svid.id is an attribute of applications, which policies do not have; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "the assertion",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ internal.jwt }}",
      [
        '17:5 error template: in the template, internal.jwt is an attribute of applications, which policies do not have; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "a trait",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ external.team | enc }}",
      [
        '17:5 error template: in the template, external.team is an attribute of applications, which policies do not have; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
  ],
  ["tests of applications"]: [
    [
      "no such application",
      "issuer: github, fixture: github/push, expect: {policy: deploy}",
      "application: grafana, issuer: github, fixture: github/push, expect: {roles: []}",
      ["25:26 error reference: applications has no name grafana; add it there"],
    ],
    testCase("a near name", "application: grafanna, issuer: github, expect: {roles: []}", [
      "42:15 error reference: applications has no name grafanna; did you mean grafana?",
    ]),
    testCase("no caller", "application: grafana, expect: {roles: []}", [
      "42:5 error shape: the test has no caller, or two; write issuer for a job, or svid for an SVID",
    ]),
    testCase(
      "two callers",
      'application: grafana, issuer: github, svid: {id: "spiffe://ci.example.org/x"}, expect: {roles: []}',
      ["42:5 error shape: the test has no caller, or two; write issuer for a job, or svid for an SVID"],
    ),
    testCase(
      "an SVID of a fixture",
      'application: grafana, fixture: github/push, svid: {id: "spiffe://ci.example.org/x"}, expect: {roles: []}',
      ["42:5 error contradiction: an SVID has no fixture, claims or policy; keep svid alone"],
    ),
    testCase("an SVID of nobody", "application: grafana, svid: {id: github}, expect: {roles: []}", [
      '42:44 error shape: the value is "github"; write a SPIFFE ID, such as spiffe://ci.example.org/ci/7',
    ]),
    testCase("a job of no issuer", "application: grafana, issuer: githubb, expect: {roles: []}", [
      "42:37 error reference: allowedIssuers has no id githubb; did you mean github?",
    ]),
    testCase(
      "a denial that tells roles",
      "application: grafana, issuer: github, expect: {denied: policy_denied, roles: []}",
      [
        "42:53 error contradiction: expect has denied and also members of what an application is told; keep one of the two",
      ],
    ),
    testCase("an expected grant", "application: grafana, issuer: github, expect: {policy: deploy}", [
      '42:62 error shape: "policy" is not a known entry; write one of denied, roles, traits, username, headers',
    ]),
    testCase(
      "a denial that is none",
      "application: grafana, issuer: github, expect: {denied: origin_failed}",
      [
        '42:62 error shape: the value is "origin_failed"; write one of token_claim_missing, guard_refused, policy_unknown, policy_denied, ambiguous_policy, audience_required, audience_refused, identity_refused, caller_token_refused, application_denied, assertion_refused',
      ],
    ),
  ],
};

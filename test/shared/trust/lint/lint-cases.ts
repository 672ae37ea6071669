import type { Cases } from "../problem-cases.ts";

/**
 * What the lints find, by rule: what the case shows, the passage of the document that is replaced, what replaces it, and
 * everything that is then found, as `LINE:COLUMN severity rule: message`. `@N` stands for the modulus of an RSA key.
 */
export const LINT_CASES: Cases = {
  ["names-without-ids"]: [
    [
      "a repository by its name",
      'jwt.claim.repository_id: "1342205517"',
      "jwt.claim.repository: brightfen/api",
      [
        "14:5 warning names-without-ids: match has only names, and a stranger can take a name that its owner gives up; add jwt.claim.repository_id or jwt.claim.repository_owner_id, which never changes",
      ],
    ],
    [
      "an owner by its name",
      'jwt.claim.repository_id: "1342205517"',
      "jwt.claim.repository_owner: brightfen",
      [
        "14:5 warning names-without-ids: match has only names, and a stranger can take a name that its owner gives up; add jwt.claim.repository_id or jwt.claim.repository_owner_id, which never changes",
      ],
    ],
    [
      "repositories of an owner by a pattern",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository: {glob: "brightfen/*"}',
      [
        "14:5 warning names-without-ids: match has only names, and a stranger can take a name that its owner gives up; add jwt.claim.repository_id or jwt.claim.repository_owner_id, which never changes",
      ],
    ],
    [
      "a name beside an id is fine",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.repository: brightfen/api',
      [],
    ],
  ],
  ["raw-sub"]: [
    [
      "in match",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.sub: repo:brightfen/api:environment:production',
      [
        "16:7 warning raw-sub: each repository or project can change the form of sub; use the claims that it is made of instead",
      ],
    ],
    [
      "in the identity",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.sub | enc }}",
      [
        "17:5 warning raw-sub: each repository or project can change the form of sub; use the claims that it is made of instead",
        "17:5 warning long-spiffe-id: this SPIFFE ID can be 3103 bytes long, but the SPIFFE standard allows at most 2048 bytes; use ids instead of names, or | hash",
      ],
    ],
  ],
  ["ref-without-type"]: [
    [
      "a GitLab ref",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.ref: main, jwt.claim.ref_protected: true}',
      [
        "21:40 warning ref-without-type: a tag and a branch may have the same name; write jwt.claim.ref_path: refs/heads/… instead, or add jwt.claim.ref_type",
      ],
    ],
    [
      "a GitLab ref with its type is fine",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.ref: main, jwt.claim.ref_type: branch, jwt.claim.ref_protected: true}',
      [],
    ],
    [
      "a GitLab ref_path is fine",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.ref_path: refs/heads/main, jwt.claim.ref_protected: true}',
      [],
    ],
    [
      "any GitHub ref",
      "jwt.claim.ref: refs/heads/main",
      'jwt.claim.ref: {glob: "refs/**"}\n      jwt.claim.environment: production',
      [
        "16:7 warning ref-without-type: a tag and a branch may have the same name; write the whole ref, such as refs/heads/main, or add jwt.claim.ref_type",
      ],
    ],
  ],
  ["unprotected-ref"]: [
    [
      "a GitLab branch",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.ref_path: refs/heads/main}',
      [
        '21:40 warning unprotected-ref: everybody who may push can create a ref that matches; add jwt.claim.ref_protected: "true"',
      ],
    ],
    [
      "GitHub branches by a pattern",
      "jwt.claim.ref: refs/heads/main",
      'jwt.claim.ref: {glob: "refs/heads/release/*"}',
      [
        "16:7 warning unprotected-ref: everybody who may push can create a ref that matches; add jwt.claim.environment, and limit its deployment branches in the repository",
      ],
    ],
    [
      "GitHub branches by a pattern, held by an environment, are fine",
      "jwt.claim.ref: refs/heads/main",
      'jwt.claim.ref: {glob: "refs/heads/release/*"}\n      jwt.claim.environment: production',
      [],
    ],
  ],
  ["weak-discriminator"]: [
    [
      "the workflow's label",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.workflow: Release',
      [
        "16:7 warning weak-discriminator: jwt.claim.workflow does not identify a job: it is a label that the author of any workflow chooses; match an id or the workflow's path instead",
      ],
    ],
    [
      "the actor",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.actor: mira',
      [
        "16:7 warning weak-discriminator: jwt.claim.actor does not identify a job: it names the user who triggered the run, not the code, and users can be renamed; match an id or the workflow's path instead",
      ],
    ],
    [
      "a pull request's branch",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.head_ref: x',
      [
        "16:7 warning weak-discriminator: jwt.claim.head_ref does not identify a job: the author of a pull request chooses it; match an id or the workflow's path instead",
      ],
    ],
    [
      "a run",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.run_id: "7"',
      [
        "16:7 warning weak-discriminator: jwt.claim.run_id does not identify a job: it changes with every run; match an id or the workflow's path instead",
      ],
    ],
    [
      "a commit",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.sha: 9f3182061f1e2cca4702c368cbc039b7dc9d4485',
      [
        "16:7 warning weak-discriminator: jwt.claim.sha does not identify a job: it changes with every commit; match an id or the workflow's path instead",
      ],
    ],
    [
      "a user's name",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.user_login: t.lindqvist}',
      [
        "21:40 warning weak-discriminator: jwt.claim.user_login does not identify a job: users can change it; match an id or the workflow's path instead",
      ],
    ],
    [
      "the workflow's label in the identity",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.workflow | enc }}",
      [
        "17:5 warning weak-discriminator: a SPIFFE ID with jwt.claim.workflow does not identify a job: it is a label that the author of any workflow chooses; put it into claims instead",
        "17:5 note long-spiffe-id: this SPIFFE ID can be 796 bytes long, but OpenID Connect and AWS take at most 255 bytes; use ids instead of names, or | hash",
      ],
    ],
  ],
  ["environment-without-ids"]: [
    [
      "an owner's environment",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_owner_id: "214907733"\n      jwt.claim.environment: production',
      [
        "16:7 warning environment-without-ids: every repository can have an environment of this name, and a job that names a new environment creates it; add jwt.claim.repository_id",
      ],
    ],
    [
      "a repository's environment is fine",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.environment: production',
      [],
    ],
    [
      "a GitLab group's environment",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.namespace_id: "7", jwt.claim.environment: production, jwt.claim.environment_protected: true}',
      [
        "21:42 warning environment-without-ids: every project can have an environment of this name, and a job that names a new environment creates it; add jwt.claim.project_id",
      ],
    ],
  ],
  ["unknown-claim"]: [
    [
      "a claim misspelled",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.enviroment: production',
      [
        "16:7 warning unknown-claim: github tokens are not known to have the claim enviroment; did you mean environment?",
      ],
    ],
    [
      "a claim of another provider",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.ref_path: refs/heads/main',
      [
        "16:7 warning unknown-claim: github tokens are not known to have the claim ref_path, but gitlab tokens have it; write a claim of github tokens",
      ],
    ],
    [
      "a custom property is fine",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.repo_property_team: payments',
      [],
    ],
    [
      "in the identity",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.repository_idd }}",
      [
        "17:5 warning unknown-claim: github tokens are not known to have the claim repository_idd; did you mean repository_id?",
        "17:5 warning long-spiffe-id: this SPIFFE ID can be of any length, but the SPIFFE standard allows at most 2048 bytes; use ids instead of names, or | hash",
      ],
    ],
    [
      "in deny",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.actr: x}]\n  - name: test",
      [
        "19:13 warning unknown-claim: github tokens are not known to have the claim actr; did you mean actor?",
      ],
    ],
  ],
  ["guard-lifted"]: [
    [
      "pull_request_target",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.event_name: [push, pull_request_target]',
      [
        "16:7 warning guard-lifted: outsiders may start jobs of pull_request_target; keep the rights of this identity small",
      ],
    ],
    [
      "events that anyone starts, and one that nobody knows",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.event_name: [issue_comment, push, star]',
      [
        "16:7 warning guard-lifted: outsiders may start jobs of issue_comment, star; keep the rights of this identity small",
      ],
    ],
    [
      "events that only people with write access start are fine",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.event_name: [push, schedule, workflow_dispatch, merge_group, release]',
      [],
    ],
    [
      "the project itself is fine",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.job_project_id: "7"}',
      [],
    ],
    [
      "a fork's project",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.job_project_id: "8"}',
      [
        "21:40 warning guard-lifted: the policy allows jobs that outsiders can start with their own code; keep the rights of this identity small",
      ],
    ],
  ],
  ["overlap"]: [
    [
      "two policies for one job",
      "  - name: test",
      '  - name: read\n    issuer: github\n    match: {jwt.claim.repository_id: "1342205517"}\n    spiffeId: "spiffe://{{ trustDomain }}/github/read"\n    audiences: [https://vault.example.org]\n  - name: test',
      [
        "21:5 warning overlap: one job can match both deploy and read, and its request must then name one; narrow one of the two",
      ],
    ],
    [
      "two policies for two refs are fine",
      "  - name: test",
      '  - name: read\n    issuer: github\n    match: {jwt.claim.repository_id: "1342205517", jwt.claim.ref: refs/heads/dev}\n    spiffeId: "spiffe://{{ trustDomain }}/github/read"\n    audiences: [https://vault.example.org]\n  - name: test',
      [],
    ],
    [
      "two policies told apart by not are fine",
      "  - name: test",
      '  - name: read\n    issuer: github\n    match: {jwt.claim.repository_id: "1342205517", jwt.claim.ref: {not: refs/heads/main}, jwt.claim.ref_type: branch, jwt.claim.environment: x}\n    spiffeId: "spiffe://{{ trustDomain }}/github/read"\n    audiences: [https://vault.example.org]\n  - name: test',
      [],
    ],
    [
      "two patterns that share texts",
      "jwt.claim.ref: refs/heads/main",
      'jwt.claim.environment: {glob: "prod-*"}\n    spiffeId: "spiffe://{{ trustDomain }}/github/a"\n    audiences: [https://vault.example.org]\n  - name: read\n    issuer: github\n    match:\n      jwt.claim.repository_id: "1342205517"\n      jwt.claim.environment: {glob: "*-eu"}',
      [
        "21:5 warning overlap: one job can match both deploy and read, and its request must then name one; narrow one of the two",
      ],
    ],
    [
      "two patterns that share none are fine",
      "jwt.claim.ref: refs/heads/main",
      'jwt.claim.environment: {glob: "prod-*"}\n    spiffeId: "spiffe://{{ trustDomain }}/github/a"\n    audiences: [https://vault.example.org]\n  - name: read\n    issuer: github\n    match:\n      jwt.claim.repository_id: "1342205517"\n      jwt.claim.environment: {glob: "test-*"}',
      [],
    ],
  ],
  ["never-matches"]: [
    [
      "a short ref on GitHub",
      "jwt.claim.ref: refs/heads/main",
      "jwt.claim.ref: main",
      [
        "16:7 warning ref-without-type: a tag and a branch may have the same name; write the whole ref, such as refs/heads/main, or add jwt.claim.ref_type",
        "16:7 warning never-matches: no token meets this condition, so the policy grants nothing: ref always starts with refs/; write refs/heads/main",
      ],
    ],
    [
      "a pattern of short refs on GitHub",
      "jwt.claim.ref: refs/heads/main",
      'jwt.claim.ref: {glob: "release/*"}\n      jwt.claim.ref_type: branch\n      jwt.claim.environment: production',
      [
        "16:7 warning never-matches: no token meets this condition, so the policy grants nothing: ref always starts with refs/; write refs/heads/release/*",
      ],
    ],
    [
      "a full ref on GitLab",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.project_id: "7", jwt.claim.ref: refs/heads/main, jwt.claim.ref_type: branch, jwt.claim.ref_protected: true}',
      [
        "21:40 warning never-matches: no token meets this condition, so the policy grants nothing: ref never starts with refs/; write jwt.claim.ref_path: refs/heads/main",
      ],
    ],
    [
      "an id that is a name",
      'jwt.claim.repository_id: "1342205517"',
      "jwt.claim.repository_id: brightfen/api",
      [
        "15:7 warning never-matches: no token meets this condition, so the policy grants nothing: repository_id is always a number; write its digits",
      ],
    ],
    [
      "a word that is none of the words",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.ref_type: heads',
      [
        "16:7 warning never-matches: no token meets this condition, so the policy grants nothing: ref_type is always one of branch, tag; write one of these",
        "17:7 warning never-matches: no token meets this condition: the ref is a branch, but ref_type is heads; correct one of the two",
      ],
    ],
    [
      "the absence of what is always there",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.event_name: {exists: false}',
      [
        "16:7 warning never-matches: no token meets this condition, so the policy grants nothing: event_name is in every token; write exists: true, or remove the condition",
      ],
    ],
    [
      "another issuer",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.iss: https://gitlab.com',
      [
        "16:7 warning never-matches: no token meets this condition, so the policy grants nothing: iss is always https://token.actions.githubusercontent.com; remove the condition",
      ],
    ],
    [
      "the audience",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.aud: https://vault.example.org',
      [
        "16:7 warning never-matches: no token meets this condition, so the policy grants nothing: aud is always https://svid.example.org; remove the condition",
      ],
    ],
    [
      "something inside text",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.actor_id.name: x',
      [
        "16:7 warning never-matches: no token meets this condition, so the policy grants nothing: actor_id is text, which has no members; write jwt.claim.actor_id",
      ],
    ],
    [
      "a tag's ref of type branch",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: "1342205517"\n      jwt.claim.ref_type: tag',
      [
        "17:7 warning never-matches: no token meets this condition: the ref is a branch, but ref_type is tag; correct one of the two",
      ],
    ],
    [
      "a condition that is denied altogether",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.ref: {glob: refs/heads/*}}]\n  - name: test",
      [
        "19:12 warning never-matches: this entry denies every value of jwt.claim.ref that match allows, so the policy never matches; remove one of the two",
      ],
    ],
    [
      "a denial that denies nothing",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.ref: main}]\n  - name: test",
      [
        "19:13 warning never-matches: no token meets this condition, so it denies nothing: ref always starts with refs/; write refs/heads/main",
      ],
    ],
  ],
  ["deny-missing"]: [
    [
      "a value of what jobs need not have",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.environment: production}]\n  - name: test",
      [
        "19:13 warning deny-missing: this entry does not deny a job without jwt.claim.environment; add jwt.claim.environment: {exists: true} to match, or an entry {jwt.claim.environment: {exists: false}} to deny",
      ],
    ],
    [
      "a pattern, beside another condition",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.ref_type: branch, jwt.claim.environment: {glob: prod-*}}]\n  - name: test",
      [
        "19:41 warning deny-missing: this entry does not deny a job without jwt.claim.environment; add jwt.claim.environment: {exists: true} to match, or an entry {jwt.claim.environment: {exists: false}} to deny",
      ],
    ],
    [
      "not, of what jobs need not have",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.environment: {not: production}}]\n  - name: test",
      [
        "19:13 note deny-missing: this entry also denies a job without jwt.claim.environment; write the values to deny instead of not, if it should not",
      ],
    ],
    [
      "an attribute read out of a claim that jobs need not have",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    deny: [{gitlab.ci_config.path: x.yml}]\ntests:",
      [
        "24:13 warning deny-missing: this entry does not deny a job without gitlab.ci_config.path; add gitlab.ci_config.path: {exists: true} to match, or an entry {gitlab.ci_config.path: {exists: false}} to deny",
      ],
    ],
    [
      "something inside a claim",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.job_config.url: x}]\ntests:",
      [
        "24:13 warning deny-missing: this entry does not deny a job without jwt.claim.job_config.url; add jwt.claim.job_config.url: {exists: true} to match, or an entry {jwt.claim.job_config.url: {exists: false}} to deny",
      ],
    ],
    [
      "a claim that match asks for is fine",
      '      jwt.claim.ref: refs/heads/main\n    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n',
      '      jwt.claim.ref: refs/heads/main\n      jwt.claim.environment: {exists: true}\n    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n    deny: [{jwt.claim.environment: production}]\n',
      [],
    ],
    [
      "an entry of its own for jobs without it is fine",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.environment: production}, {jwt.claim.environment: {exists: false}}]\n  - name: test",
      [],
    ],
    [
      "a claim that every job has is fine",
      "audiences: [https://vault.example.org]\n  - name: test",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.ref: refs/heads/dev}]\n  - name: test",
      [],
    ],
  ],
  ["unrenderable"]: [
    [
      "a repository as one segment",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.repository }}",
      [
        "17:5 warning unrenderable: no value of jwt.claim.repository fits one path segment, so the policy grants nothing; add | path, | enc or | hash",
        "17:5 note long-spiffe-id: this SPIFFE ID can be 171 bytes long, but google.subject of Google Cloud takes at most 127 bytes; use ids instead of names, or | hash",
      ],
    ],
    [
      "a repository as a path is fine",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.repository | path }}/a",
      [
        "17:5 note long-spiffe-id: this SPIFFE ID can be 173 bytes long, but google.subject of Google Cloud takes at most 127 bytes; use ids instead of names, or | hash",
      ],
    ],
  ],
  ["may-be-missing"]: [
    [
      "an environment that jobs need not have",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.repository_id }}/{{ jwt.claim.environment }}",
      [
        "17:5 note may-be-missing: the exchange refuses a job without jwt.claim.environment as identity_refused; add {exists: true} to match, so that the checks show why",
        "17:5 note long-spiffe-id: this SPIFFE ID can be 297 bytes long, but OpenID Connect and AWS take at most 255 bytes; use ids instead of names, or | hash",
      ],
    ],
  ],
  ["shared-identity"]: [
    [
      "the same words",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/github/1342205517"',
      [
        "22:5 error shared-identity: the policy deploy of github can grant the same SPIFFE ID; put the issuer into the path, such as /corp/",
      ],
    ],
    [
      "a value that may be the same",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/github/{{ jwt.claim.namespace_id }}"',
      [
        "22:5 error shared-identity: the policy deploy of github can grant the same SPIFFE ID; put the issuer into the path, such as /corp/",
      ],
    ],
    [
      "a path that may be the same",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.project_path | path }}"',
      [
        "22:5 note long-spiffe-id: this SPIFFE ID can be 279 bytes long, but OpenID Connect and AWS take at most 255 bytes; use ids instead of names, or | hash",
        "22:5 error shared-identity: the policy deploy of github can grant the same SPIFFE ID; put the issuer into the path, such as /corp/",
      ],
    ],
    [
      "another beginning is fine",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/corp/{{ jwt.claim.project_path | path }}"',
      [
        "22:5 note long-spiffe-id: this SPIFFE ID can be 284 bytes long, but OpenID Connect and AWS take at most 255 bytes; use ids instead of names, or | hash",
      ],
    ],
    [
      "an environment that is called like a repository",
      "  - name: test",
      '  - name: env\n    issuer: github\n    match: {jwt.claim.repository_id: "5", jwt.claim.environment: {exists: true}}\n    spiffeId: "spiffe://{{ trustDomain }}/gh/acme/{{ jwt.claim.environment }}"\n    audiences: [https://vault.example.org]\n  - name: all\n    issuer: github\n    match: {jwt.claim.repository_id: "6"}\n    spiffeId: "spiffe://{{ trustDomain }}/gh/{{ jwt.claim.repository | path }}"\n    audiences: [https://vault.example.org]\n  - name: test',
      [
        "22:5 note long-spiffe-id: this SPIFFE ID can be 287 bytes long, but OpenID Connect and AWS take at most 255 bytes; use ids instead of names, or | hash",
        "27:5 note long-spiffe-id: this SPIFFE ID can be 167 bytes long, but google.subject of Google Cloud takes at most 127 bytes; use ids instead of names, or | hash",
        "27:5 warning shared-identity: the policy env can grant the same SPIFFE ID, and to other jobs; put a word into the path that tells the two apart, such as /all/",
      ],
    ],
    [
      "a word that is another's id",
      "  - name: test",
      '  - name: each\n    issuer: github\n    match: {jwt.claim.repository_owner_id: "9"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: one\n    issuer: github\n    match: {jwt.claim.repository_id: "5"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/1"\n    audiences: [https://vault.example.org]\n  - name: test',
      [
        "21:5 warning overlap: one job can match both deploy and each, and its request must then name one; narrow one of the two",
        "26:5 warning overlap: one job can match both each and one, and its request must then name one; narrow one of the two",
        "27:5 warning shared-identity: the policy each can grant the same SPIFFE ID, and to other jobs; put a word into the path that tells the two apart, such as /one/",
      ],
    ],
    [
      "a value that another policy lists",
      "  - name: test",
      '  - name: each\n    issuer: github\n    match: {jwt.claim.repository_id: ["7", "8"]}\n    spiffeId: "spiffe://{{ trustDomain }}/x/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: one\n    issuer: github\n    match: {jwt.claim.repository_id: "5"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/8"\n    audiences: [https://vault.example.org]\n  - name: test',
      [
        "27:5 warning shared-identity: the policy each can grant the same SPIFFE ID, and to other jobs; put a word into the path that tells the two apart, such as /one/",
      ],
    ],
    [
      "a value that no other policy lists is fine",
      "  - name: test",
      '  - name: each\n    issuer: github\n    match: {jwt.claim.repository_id: ["7", "8"]}\n    spiffeId: "spiffe://{{ trustDomain }}/x/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: one\n    issuer: github\n    match: {jwt.claim.repository_id: "5"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/9"\n    audiences: [https://vault.example.org]\n  - name: test',
      [],
    ],
    [
      "a word where another has a number is fine",
      "  - name: test",
      '  - name: each\n    issuer: github\n    match: {jwt.claim.repository_owner_id: "9"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: one\n    issuer: github\n    match: {jwt.claim.repository_id: "5"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/production"\n    audiences: [https://vault.example.org]\n  - name: test',
      [
        "21:5 warning overlap: one job can match both deploy and each, and its request must then name one; narrow one of the two",
        "26:5 warning overlap: one job can match both each and one, and its request must then name one; narrow one of the two",
      ],
    ],
    [
      "a word that is none of the words is fine",
      "  - name: test",
      '  - name: each\n    issuer: github\n    match: {jwt.claim.repository_id: "6"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/{{ jwt.claim.ref_type }}"\n    audiences: [https://vault.example.org]\n  - name: one\n    issuer: github\n    match: {jwt.claim.repository_id: "5"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/heads"\n    audiences: [https://vault.example.org]\n  - name: test',
      [],
    ],
    [
      "one template for two owners is fine",
      "  - name: test",
      '  - name: a\n    issuer: github\n    match: {jwt.claim.repository_owner_id: "8"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: b\n    issuer: github\n    match: {jwt.claim.repository_owner_id: "9"}\n    spiffeId: "spiffe://{{ trustDomain }}/x/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: test',
      [
        "21:5 warning overlap: one job can match both deploy and a, and its request must then name one; narrow one of the two",
        "26:5 warning overlap: one job can match both deploy and b, and its request must then name one; narrow one of the two",
      ],
    ],
  ],
  ["long-spiffe-id"]: [
    [
      "names that exceed google.subject",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.repository | path }}",
      [
        "17:5 note long-spiffe-id: this SPIFFE ID can be 171 bytes long, but google.subject of Google Cloud takes at most 127 bytes; use ids instead of names, or | hash",
      ],
    ],
    [
      "names that exceed OpenID Connect",
      "github/{{ jwt.claim.repository_id }}",
      "github/{{ jwt.claim.workflow_ref | enc }}",
      [
        "17:5 note long-spiffe-id: this SPIFFE ID can be 1567 bytes long, but OpenID Connect and AWS take at most 255 bytes; use ids instead of names, or | hash",
      ],
    ],
    [
      "a claim of any length",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/corp/{{ jwt.claim.custom }}"',
      [
        "22:5 warning unknown-claim: gitlab tokens are not known to have the claim custom; check its spelling",
        "22:5 warning long-spiffe-id: this SPIFFE ID can be of any length, but the SPIFFE standard allows at most 2048 bytes; use ids instead of names, or | hash",
      ],
    ],
  ],
  ["entra-algorithm"]: [
    [
      "Entra with ES256",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [api://AzureADTokenExchange]\ntests:",
      [
        '23:17 warning entra-algorithm: Microsoft Entra refuses ES256; write {audience: "api://AzureADTokenExchange", algorithm: RS256}',
      ],
    ],
    [
      "Entra with RS256 is fine",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [{audience: api://AzureADTokenExchange, algorithm: RS256}]\ntests:",
      [],
    ],
  ],
  ["long-ttl"]: [
    [
      "half an hour",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    ttl: 30m\ntests:",
      [
        "24:5 warning long-ttl: an SVID cannot be revoked, and 30m is long; write 15m or less, because a job can exchange again",
      ],
    ],
    [
      "a quarter of an hour is fine",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    ttl: 15m\ntests:",
      [],
    ],
  ],
  ["inline-keys-rotate"]: [
    [
      "an issuer that can't be reached",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      [
        "11:5 note inline-keys-rotate: when corp changes its keys, the exchange refuses its jobs until you replace these keys; write jwksURI instead if the keys are published anywhere",
      ],
    ],
    [
      "an issuer that can be reached",
      "issuer: https://gitlab.corp.example.org",
      'issuer: https://gitlab.corp.example.org\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      [
        "11:5 warning inline-keys-rotate: when corp changes its keys, the exchange refuses its jobs until you replace these keys; remove jwks, and the exchange fetches the keys",
      ],
    ],
  ],
  ["unused-issuer"]: [
    [
      "an issuer without a policy",
      "policies:",
      "  - {id: spare, type: jwt, issuer: https://ci.example.net}\npolicies:",
      [
        "11:5 note unused-issuer: no policy names the issuer spare, so its tokens get nothing; write a policy or remove the issuer",
      ],
    ],
  ],
};

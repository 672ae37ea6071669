/** What an editor shows over each entry, by its way from the top. `[]` is an item of a list. */
export const ENTRY_TEXTS: Readonly<Record<string, string>> = {
  version: "The version of this format: 1.",
  trustDomain: "The trust domain of every SPIFFE ID that is granted, such as ci.example.org.",
  issuer:
    "The exchange's own iss: https, without a trailing slash or query. Relying parties compare it byte for byte.",
  svid: "What holds for every SVID unless a policy says otherwise.",
  "svid.ttl": "Lifetime of SVIDs, 1m to 1h. Default 5m.",
  "svid.algorithm": "Signature algorithm of SVIDs. Default ES256; Microsoft Entra takes RS256 only.",
  keys: "The signing keys.",
  "keys.rotateEvery": "How often signing keys change, 1h to 90d. Default 7d.",
  "keys.algorithms": "Algorithms that keys are kept for. Default both.",
  "keys.revoked": "kids that leave every published document at once, and sign nothing.",
  denials:
    "What a refused job is told: own, what concerns the policies of its own owner (the default); none, only that it is refused.",
  allowedIssuers:
    "Whose tokens the exchange takes. Every other issuer is refused without any network request.",
  "allowedIssuers[].id": "The name that policies use.",
  "allowedIssuers[].type":
    "github or gitlab for these products (wherever they run), jwt for every other issuer.",
  "allowedIssuers[].issuer": "The exact iss of its tokens. Nothing is normalised.",
  "allowedIssuers[].audience": "What aud of its tokens must be. Default: the exchange's issuer.",
  "allowedIssuers[].jwksURI": "Where its keys are. Default: discovery below the issuer.",
  "allowedIssuers[].jwks":
    "Its public keys themselves. Nothing is fetched then, so the issuer may be private.",
  "allowedIssuers[].jwks.keys": "Public JWKs, each with its kid.",
  "allowedIssuers[].algorithms": "JWS algorithms of its tokens. Default RS256.",
  "allowedIssuers[].maxTokenAge":
    "Longest exp - iat, and longest time since iat. Default github 10m, gitlab 1d, jwt 1h.",
  "allowedIssuers[].clockSkew": "How far its clock may be off, up to 1m. Default 1m.",
  "allowedIssuers[].replay":
    "once: a token is taken once. per-audience: once for each audience. off: as often as it is valid. Default github once, gitlab per-audience, jwt off.",
  policies: "What each job may have. A job needs exactly one policy that matches, or names one.",
  "policies[].name": "What requests, answers and the audit log call this policy.",
  "policies[].issuer": "The id of an allowed issuer. No other issuer's tokens are judged by this policy.",
  "policies[].match": "Conditions by attribute, all of which must hold.",
  "policies[].deny": "A list of the same. None of them may hold as a whole.",
  "policies[].spiffeId":
    "A template: spiffe://{{ trustDomain }}/… with placeholders {{ attribute | filter }}. Filters: path, enc, hash, lower.",
  "policies[].audiences": "Audiences a job may ask for: a text, or {audience, algorithm}.",
  "policies[].audiences[].audience": "The audience, exactly.",
  "policies[].audiences[].algorithm": "What SVIDs for this audience are signed with.",
  "policies[].ttl": "Lifetime of its SVIDs, 1m to 1h.",
  "policies[].algorithm": "What its SVIDs are signed with.",
  "policies[].claims":
    "More claims of its SVIDs: JSON whose texts are templates. Registered claims can't be set.",
  applications: "Applications behind the gateway, which learn with each request who called.",
  "applications[].name": "What the audit log and the tests call this application.",
  "applications[].host":
    "The exact Host of its requests, in lower case. Nothing else chooses the application.",
  "applications[].origin":
    "Where its requests go: an https address, or {service}, {vpc} or {certificate, url}.",
  "applications[].origin.service": "The name of a service binding of wrangler.toml.",
  "applications[].origin.vpc": "The name of a VPC service or VPC network binding of wrangler.toml.",
  "applications[].origin.certificate":
    "The name of an mTLS certificate binding of wrangler.toml, which the gateway shows to url.",
  "applications[].origin.url": "Scheme, host and port of the requests. Default of {vpc}: http://<host>.",
  "applications[].audience": "What aud of the caller's token must be. Default: https://<host>.",
  "applications[].accept":
    "svid: SVIDs of this exchange. id-token: the CI provider's own ID token, judged by the policies. Default [svid].",
  "applications[].rules":
    "Who may call. The first rule that matches decides; where none does, the answer is 403.",
  "applications[].rules[].match": "Conditions by attribute of the caller's SVID, all of which must hold.",
  "applications[].rules[].roles": "Roles of the caller: texts or templates.",
  "applications[].rules[].traits": "Traits of the caller: a list of texts or templates for each name.",
  "applications[].rules[].username": "The sub of the assertion. Default {{ svid.id }}.",
  "applications[].assertion": "The signed assertion of who called, which goes with each request.",
  "applications[].assertion.header":
    "The header that carries it; none: only headers of rewrite do. Default Svid-Jwt-Assertion.",
  "applications[].assertion.audience": "Its aud. Default: the address of the origin.",
  "applications[].assertion.claims":
    "Which lists it has: roles-and-traits, roles, traits or none. Default roles-and-traits.",
  "applications[].assertion.algorithm": "What it is signed with. Default svid.algorithm.",
  "applications[].assertion.ttl": "Its lifetime, 30s to 1h, and never beyond the caller's token. Default 1m.",
  "applications[].rewrite": "What the gateway changes in each request.",
  "applications[].rewrite.headers":
    "Headers that the gateway sets, such as Authorization: Bearer {{ internal.jwt }} or X-Team: {{ external.team }}.",
  "applications[].websocketLimit":
    "assertion: a WebSocket is closed when the assertion expires. none: it is not. Default none.",
  tests: "What you expect of the policies. Run by svid-exchange test and before every apply.",
  "tests[].name": "One line that says what the test shows.",
  "tests[].issuer": "The id of the issuer of the token.",
  "tests[].fixture": "A typical token to start from, usual or hostile.",
  "tests[].claims": "Claims of the token; they replace those of the fixture, and null takes one away.",
  "tests[].policy": "The policy that the request names.",
  "tests[].audience": "The audience that the request asks for.",
  "tests[].application": "The application that is called. Without it, the policies are tested.",
  "tests[].svid": "The caller's SVID, where the caller is not the job of an issuer.",
  "tests[].svid.id": "The SPIFFE ID of the caller.",
  "tests[].svid.claims": "The claims of the caller's SVID that a policy gives.",
  "tests[].expect": "Either denied, or any members of what is granted, or of what the application is told.",
  "tests[].expect.denied": "The code of the refusal.",
  "tests[].expect.policy": "The policy that grants.",
  "tests[].expect.spiffeId": "The SPIFFE ID that is granted.",
  "tests[].expect.audience": "The audience of the SVID.",
  "tests[].expect.algorithm": "The algorithm of the SVID.",
  "tests[].expect.ttl": "The lifetime of the SVID.",
  "tests[].expect.claims": "The claims that the policy adds, all of them.",
  "tests[].expect.roles": "The roles of the caller, all of them.",
  "tests[].expect.traits": "The traits of the caller, all of them: a list of texts for each name.",
  "tests[].expect.username": "The sub of the assertion.",
  "tests[].expect.headers":
    "Values by the name of a header, with {{ internal.jwt }} for the assertion. There may be other headers.",
};

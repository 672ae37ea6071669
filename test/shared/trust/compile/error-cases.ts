import { BASE } from "../base-document.ts";
import type { Cases } from "../problem-cases.ts";

/**
 * What is refused, by part of the document: what the case shows, the passage of the document that is replaced, what replaces it, and
 * everything that is then found, as `LINE:COLUMN severity rule: message`. `@N` stands for the modulus of an RSA key,
 * `@ROTATION` for what the key timing says of two hours.
 */
export const ERROR_CASES: Cases = {
  ["the text"]: [
    [
      "a tab",
      "    type: gitlab",
      "\ttype: gitlab",
      [
        "9:1 error syntax: a tab indents this line; write spaces instead",
        "9:8 error syntax: this is not valid YAML; correct it: Nested mappings are not allowed in compact mappings",
        "9:8 error syntax: this is not valid YAML; correct it: Implicit keys need to be on a single line",
      ],
    ],
    [
      "a name twice",
      "version: 1",
      "version: 1\nversion: 1",
      ["2:1 error syntax: the mapping already has an entry of this name; keep one of the two"],
    ],
    [
      "a name twice in a flow",
      "{ttl: 5m, algorithm: ES256}",
      "{ttl: 5m, ttl: 6m}",
      ["4:17 error syntax: the mapping already has an entry of this name; keep one of the two"],
    ],
    [
      "a second document",
      "tests:",
      "---\ntests:",
      ["24:1 error syntax: a second document begins here; write one document, without ---"],
    ],
    [
      "an anchor and an alias",
      "{ttl: 5m, algorithm: ES256}",
      "{ttl: &x 5m, algorithm: *x}",
      [
        "4:16 error syntax: an anchor is not allowed; remove it, and write each value where it is used",
        "4:31 error syntax: an alias is not allowed; write the value itself",
      ],
    ],
    [
      "a tag",
      "version: 1",
      "version: !!int 1",
      ["1:16 error syntax: the tag tag:yaml.org,2002:int is not allowed; remove it"],
    ],
    [
      "a name that is a number",
      "version: 1",
      "version: 1\n7: x",
      ["2:1 error syntax: the name 7 is not text; put it in quotes"],
    ],
    [
      "a name that is a list",
      "version: 1",
      "version: 1\n? [a]\n: b",
      ["2:3 error syntax: the name of this entry is not text; write text"],
    ],
    [
      "a number that is read as another",
      '"7"}',
      "1.0}",
      ["21:35 error syntax: the number 1.0 would be read as 1; put it in quotes"],
    ],
    [
      "a number with leading zeros",
      '"7"}',
      "007}",
      ["21:35 error syntax: the number 007 would be read as 7; put it in quotes"],
    ],
    [
      "a bracket that does not close",
      "[ES256, RS256]",
      "[ES256, RS256",
      [
        "5:63 error syntax: this is not valid YAML; correct it: Flow sequence in block collection must be sufficiently indented and end with a ]",
        "5:64 error syntax: this is not valid YAML; correct it: Flow map in block collection must be sufficiently indented and end with a }",
      ],
    ],
    [
      "a quote that does not close",
      '"1342205517"',
      '"1342205517',
      ['15:43 error syntax: this is not valid YAML; correct it: Missing closing "quote'],
    ],
    [
      "a merge",
      "svid: {ttl: 5m, algorithm: ES256}",
      "svid: {<<: {ttl: 5m}}",
      ['4:8 error shape: "<<" is not a known entry; write one of ttl, algorithm'],
    ],
  ],
  ["the document"]: [
    [
      "nothing",
      BASE,
      "",
      [
        "1:1 error shape: the value is missing; write an object with version, trustDomain, issuer, svid, keys, denials, allowedIssuers, policies, applications, tests",
      ],
    ],
    [
      "a list",
      BASE,
      "[]",
      [
        "1:1 error shape: the value is an empty list; write an object with version, trustDomain, issuer, svid, keys, denials, allowedIssuers, policies, applications, tests",
      ],
    ],
    [
      "text",
      BASE,
      "trust",
      [
        '1:1 error shape: the value is "trust"; write an object with version, trustDomain, issuer, svid, keys, denials, allowedIssuers, policies, applications, tests',
      ],
    ],
    [
      "an unknown entry",
      "version: 1",
      "version: 1\npolices: []",
      ['2:1 error shape: "polices" is not a known entry; did you mean policies?'],
    ],
    [
      "an unknown entry like no other",
      "version: 1",
      "version: 1\nwhatever: 1",
      [
        '2:1 error shape: "whatever" is not a known entry; write one of version, trustDomain, issuer, svid, keys, denials, allowedIssuers, policies, applications, tests',
      ],
    ],
    [
      "a missing entry",
      "trustDomain: ci.example.org\n",
      "",
      ["1:1 error shape: trustDomain is missing; add it"],
    ],
    [
      "an empty entry",
      "trustDomain: ci.example.org",
      "trustDomain:",
      [
        "2:1 error shape: the value is missing; write a trust domain: lower-case letters, digits, dots, dashes and underscores, such as ci.example.org",
      ],
    ],
    ["another version", "version: 1", "version: 2", ["1:1 error shape: the value is 2; write 1"]],
    ["a version that is text", "version: 1", 'version: "1"', ['1:1 error shape: the value is "1"; write 1']],
    [
      "a trust domain in capitals",
      "trustDomain: ci.example.org",
      "trustDomain: CI.example.org",
      [
        '2:1 error shape: the value is "CI.example.org"; write a trust domain: lower-case letters, digits, dots, dashes and underscores, such as ci.example.org',
      ],
    ],
    [
      "a trust domain with a scheme",
      "trustDomain: ci.example.org",
      "trustDomain: spiffe://ci.example.org",
      [
        '2:1 error shape: the value is "spiffe://ci.example.org"; write a trust domain: lower-case letters, digits, dots, dashes and underscores, such as ci.example.org',
      ],
    ],
    [
      "an empty object",
      "svid: {ttl: 5m, algorithm: ES256}",
      "svid: {}",
      ["4:1 error shape: the value is an empty object; write an object with ttl, algorithm"],
    ],
    [
      "a list for an object",
      "svid: {ttl: 5m, algorithm: ES256}",
      "svid: []",
      ["4:1 error shape: the value is an empty list; write an object with ttl, algorithm"],
    ],
    [
      "an unknown unit",
      "ttl: 5m",
      "ttl: 5 minutes",
      ['4:8 error shape: the value is "5 minutes"; write a duration from 1m to 1h, such as 5m'],
    ],
    [
      "a number for a duration",
      "ttl: 5m",
      "ttl: 300",
      ["4:8 error shape: the value is 300; write a duration from 1m to 1h, such as 5m"],
    ],
    [
      "a lifetime too long",
      "ttl: 5m",
      "ttl: 2h",
      ['4:8 error shape: the value is "2h"; write a duration from 1m to 1h, such as 5m'],
    ],
    [
      "a lifetime too short",
      "ttl: 5m",
      "ttl: 30s",
      ['4:8 error shape: the value is "30s"; write a duration from 1m to 1h, such as 5m'],
    ],
    [
      "an unknown algorithm",
      "{ttl: 5m, algorithm: ES256}",
      "{ttl: 5m, algorithm: EdDSA}",
      ['4:17 error shape: the value is "EdDSA"; write ES256 or RS256'],
    ],
    [
      "an algorithm misspelled",
      "{ttl: 5m, algorithm: ES256}",
      "{ttl: 5m, algorithm: ES265}",
      ['4:17 error shape: the value is "ES265"; write ES256 or RS256; did you mean ES256?'],
    ],
    [
      "an algorithm without a key",
      "algorithms: [ES256, RS256]",
      "algorithms: [RS256]",
      [
        "4:1 error contradiction: SVIDs are signed with ES256, but keys.algorithms does not have it; add it there",
        "18:17 error contradiction: keys.algorithms does not have ES256, so no key can sign with it; add it there",
        "23:17 error contradiction: keys.algorithms does not have ES256, so no key can sign with it; add it there",
      ],
    ],
    [
      "an empty list",
      "algorithms: [ES256, RS256]",
      "algorithms: []",
      ["5:25 error shape: the list is empty; write at least one entry"],
    ],
    [
      "an algorithm twice",
      "algorithms: [ES256, RS256]",
      "algorithms: [ES256, ES256]",
      ['5:45 error duplicate: "ES256" is already in the list; remove this entry'],
    ],
    [
      "a rotation too long",
      "rotateEvery: 7d",
      "rotateEvery: 91d",
      ['5:8 error shape: the value is "91d"; write a duration from 1h to 90d, such as 7d'],
    ],
    [
      "a rotation too short for its readers",
      "rotateEvery: 7d",
      "rotateEvery: 2h",
      ["5:8 error rotation: @ROTATION; write a longer one"],
    ],
    [
      "a kid of another length",
      "revoked: []",
      "revoked: [abc]",
      ['5:63 error shape: the value is "abc"; write a kid of 43 characters, as svid-exchange keys shows it'],
    ],
  ],
  ["the issuers"]: [
    [
      "our issuer on http",
      "issuer: https://svid.example.org",
      "issuer: http://svid.example.org",
      ["3:1 error issuer-url: issuer is not https; write https:// (http:// only on loopback)"],
    ],
    [
      "our issuer with a slash",
      "issuer: https://svid.example.org",
      "issuer: https://svid.example.org/",
      ["3:1 error issuer-url: issuer ends with a slash; remove it"],
    ],
    [
      "our issuer with a query",
      "issuer: https://svid.example.org",
      "issuer: https://svid.example.org?x=1",
      ["3:1 error issuer-url: issuer has a query or a fragment; remove it"],
    ],
    [
      "our issuer with credentials",
      "issuer: https://svid.example.org",
      "issuer: https://me:secret@svid.example.org",
      ["3:1 error issuer-url: issuer has a user name or a password; remove them"],
    ],
    [
      "our issuer in capitals",
      "issuer: https://svid.example.org",
      "issuer: https://SVID.example.org",
      ["3:1 error issuer-url: issuer is not in its canonical form; write https://svid.example.org"],
    ],
    [
      "our issuer with a default port",
      "issuer: https://svid.example.org",
      "issuer: https://svid.example.org:443",
      ["3:1 error issuer-url: issuer is not in its canonical form; write https://svid.example.org"],
    ],
    [
      "our issuer is no URL",
      "issuer: https://svid.example.org",
      "issuer: svid.example.org",
      ["3:1 error issuer-url: issuer is not a URL; write one such as https://ci.example.org"],
    ],
    [
      "our own issuer",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://svid.example.org",
      [
        "10:5 error own-issuer: this is the exchange's own issuer, which is never an allowed one; remove the entry",
      ],
    ],
    [
      "our own issuer with a slash",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://svid.example.org/",
      [
        "10:5 error own-issuer: this is the exchange's own issuer, which is never an allowed one; remove the entry",
      ],
    ],
    [
      "an issuer twice",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://token.actions.githubusercontent.com",
      [
        "10:5 error duplicate: another entry already has the issuer https://token.actions.githubusercontent.com; write another issuer",
        "9:5 error issuer-type: https://token.actions.githubusercontent.com issues tokens of type github, which have guards; write type: github",
      ],
    ],
    [
      "an id twice",
      "id: corp",
      "id: github",
      [
        "8:5 error duplicate: another entry already has the id github; write another id",
        "20:5 error reference: allowedIssuers has no id corp; write github",
      ],
    ],
    [
      "an id with spaces",
      "id: corp",
      "id: my corp",
      [
        '8:5 error shape: the value is "my corp"; write a name of up to 64 letters, digits, dots, dashes and underscores',
        "20:5 error reference: allowedIssuers has no id corp; write github or my corp",
      ],
    ],
    [
      "an unknown type",
      "type: gitlab",
      "type: gitlub",
      ['9:5 error shape: the value is "gitlub"; write one of github, gitlab, jwt; did you mean github?'],
    ],
    [
      "GitHub as a plain issuer",
      "{id: github, type: github, issuer: https://token.actions.githubusercontent.com}",
      "{id: github, type: jwt, issuer: https://token.actions.githubusercontent.com}",
      [
        "7:18 error issuer-type: https://token.actions.githubusercontent.com issues tokens of type github, which have guards; write type: github",
      ],
    ],
    [
      "GitHub of an enterprise as a plain issuer",
      "{id: github, type: github, issuer: https://token.actions.githubusercontent.com}",
      "{id: github, type: jwt, issuer: https://token.actions.githubusercontent.com/brightfen}",
      [
        "7:18 error issuer-type: https://token.actions.githubusercontent.com/brightfen issues tokens of type github, which have guards; write type: github",
      ],
    ],
    [
      "an issuer on http",
      "issuer: https://gitlab.corp.example.org",
      "issuer: http://gitlab.corp.example.org",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, is not https; write https://, or write the keys inline with jwks",
      ],
    ],
    [
      "an issuer by address",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://10.0.0.7",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, has an IP address instead of a host name; write a public host name",
      ],
    ],
    [
      "an issuer by a number",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://2130706433",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, is not in its canonical form; write https://127.0.0.1",
      ],
    ],
    [
      "an issuer by an IPv6 address",
      "issuer: https://gitlab.corp.example.org",
      'issuer: "https://[fd00::1]"',
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, has an IP address instead of a host name; write a public host name",
      ],
    ],
    [
      "an issuer of one label",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, has a host name of one label, which is not a public name; write the full name",
      ],
    ],
    [
      "an issuer on a private name",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.internal",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, has a private host name; write the keys inline with jwks, or a public jwksURI",
      ],
    ],
    [
      "an issuer on localhost with https",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://localhost:8443",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, is on loopback; write http:// for local work",
      ],
    ],
    [
      "an issuer with a dot at its end",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.example.org.",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, has a host name that ends with a dot; remove the dot",
      ],
    ],
    [
      "an issuer with credentials",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://a:b@gitlab.corp.example.org",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, has a user name or a password; remove them",
      ],
    ],
    [
      "an issuer with a query",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.example.org?x=1",
      ["10:5 error issuer-url: the issuer, which is fetched for discovery, has a query; remove it"],
    ],
    [
      "an issuer with a fragment",
      "issuer: https://gitlab.corp.example.org",
      'issuer: "https://gitlab.corp.example.org#x"',
      ["10:5 error issuer-url: the issuer, which is fetched for discovery, has a fragment; remove it"],
    ],
    [
      "an issuer in capitals",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://GitLab.corp.example.org",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, is not in its canonical form; write https://gitlab.corp.example.org",
      ],
    ],
    [
      "an issuer that is no URL",
      "issuer: https://gitlab.corp.example.org",
      "issuer: gitlab",
      [
        "10:5 error issuer-url: the issuer, which is fetched for discovery, is not a URL; write one such as https://ci.example.org",
      ],
    ],
    [
      "a jwksURI on http",
      "issuer: https://gitlab.corp.example.org",
      "issuer: gitlab\n    jwksURI: http://keys.example.org/k.json",
      ["11:5 error issuer-url: jwksURI is not https; write https://, or write the keys inline with jwks"],
    ],
    [
      "a jwksURI by address",
      "issuer: https://gitlab.corp.example.org",
      "issuer: gitlab\n    jwksURI: https://169.254.169.254/latest",
      ["11:5 error issuer-url: jwksURI has an IP address instead of a host name; write a public host name"],
    ],
    [
      "a jwksURI next to jwks",
      "issuer: https://gitlab.corp.example.org",
      'issuer: gitlab\n    jwksURI: https://keys.example.org/k.json\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      ["11:5 error contradiction: the issuer has both jwks and jwksURI; keep one of the two"],
    ],
    [
      "an age too long",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.example.org\n    maxTokenAge: 31d",
      ['11:5 error shape: the value is "31d"; write a duration from 1m to 30d, such as 5m'],
    ],
    [
      "a skew too wide",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.example.org\n    clockSkew: 2m",
      ['11:5 error shape: the value is "2m"; write a duration from 0s to 1m, such as 1m'],
    ],
    [
      "an algorithm that is symmetric",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.example.org\n    algorithms: [HS256]",
      [
        '11:18 error shape: the value is "HS256"; write one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519; did you mean RS256?',
      ],
    ],
    [
      "no algorithm at all",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.example.org\n    algorithms: [none]",
      [
        '11:18 error shape: the value is "none"; write one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519',
      ],
    ],
    [
      "a replay mode misspelled",
      "issuer: https://gitlab.corp.example.org",
      "issuer: https://gitlab.corp.example.org\n    replay: onse",
      ['11:5 error shape: the value is "onse"; write one of once, per-audience, off; did you mean once?'],
    ],
    [
      "a private key",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"AQAB","d":"AQAB"}]}',
      [
        "11:19 error inline-keys: the key holds its private part (d); write the public key alone, and replace the key",
      ],
    ],
    [
      "a symmetric key",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"oct","kid":"x","k":"AQAB"}]}',
      [
        "11:19 error inline-keys: the key holds its private part (k); write the public key alone, and replace the key",
      ],
    ],
    [
      "a key of an unknown kind",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"AKP","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      ["11:19 error inline-keys: kty is none of RSA, EC, OKP; write a public key of one of these kinds"],
    ],
    [
      "an RSA key that is short",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"AQAB","e":"AQAB"}]}',
      ["11:19 error inline-keys: the RSA key is shorter than 2048 bits; have the issuer use a longer one"],
    ],
    [
      "a key without its modulus",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","e":"AQAB"}]}',
      ["11:19 error inline-keys: n is missing or not base64url; copy the key as the issuer publishes it"],
    ],
    [
      "a key on an unknown curve",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"EC","kid":"x","crv":"P-224","x":"AA","y":"AA"}]}',
      ["11:19 error inline-keys: crv is not known; write a key on P-256 or P-384 or P-521"],
    ],
    [
      "a key to encrypt with",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"enc","n":"@N","e":"AQAB"}]}',
      ['11:19 error inline-keys: use is not "sig"; write a key for signatures'],
    ],
    [
      "a key without a kid",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      ["11:19 error inline-keys: kid is missing; add the one that the issuer's tokens name"],
    ],
    [
      "two keys of one kid",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}, {"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      ['11:436 error inline-keys: the kid "plant-1" is there twice; remove one'],
    ],
    [
      "an RSA key with the exponent 3",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","use":"sig","n":"@N","e":"Aw"}]}',
      [
        "11:19 error inline-keys: e is not an odd number from 65537 to 4294967295; have the issuer use a key with the exponent AQAB",
      ],
    ],
    [
      "a coordinate that is short",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"EC","kid":"x","crv":"P-256","x":"AAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}',
      [
        "11:19 error inline-keys: x does not have the size that the curve demands; copy the key with its leading zeros",
      ],
    ],
    [
      "a point off its curve",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"EC","kid":"x","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}\n    algorithms: [ES256]',
      [
        "11:19 error inline-keys: the runtime refuses the key, most likely because x and y are no point of the curve; copy the key as the issuer publishes it",
      ],
    ],
    [
      "a key that only signs",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS256","key_ops":["sign"],"n":"@N","e":"AQAB"}]}',
      ['11:19 error inline-keys: key_ops does not list "verify"; write the public key, or leave key_ops out'],
    ],
    [
      "a kid of 300 characters",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      ["11:19 error inline-keys: kid is longer than 256 characters; have the issuer name the key shorter"],
    ],
    [
      "a kid that is a number",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":7,"alg":"RS256","use":"sig","n":"@N","e":"AQAB"}]}',
      ["11:19 error inline-keys: kid is not text; write it in quotes, as the issuer's tokens name it"],
    ],
    [
      "a key for none of the algorithms",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","alg":"RS512","use":"sig","n":"@N","e":"AQAB"}]}',
      [
        "11:19 error inline-keys: none of the issuer's algorithms (RS256) fits the key; add the key's algorithm to them, or remove the key",
      ],
    ],
    [
      "a key for two of the algorithms",
      "issuer: https://gitlab.corp.example.org",
      'issuer: http://10.0.0.7\n    jwks: {keys: [{"kty":"RSA","kid":"plant-1","use":"sig","n":"@N","e":"AQAB"}]}\n    algorithms: [RS256, PS256]',
      [
        "11:19 error inline-keys: the key could be for RS256 or PS256; add its alg, since a key is for one algorithm",
      ],
    ],
    [
      "no keys",
      "issuer: https://gitlab.corp.example.org",
      "issuer: http://10.0.0.7\n    jwks: {keys: []}",
      ["11:12 error shape: the list is empty; write at least one entry"],
    ],
  ],
  ["conditions"]: [
    [
      "no conditions",
      'match: {jwt.claim.project_id: "7"}',
      "match: {}",
      [
        "21:5 error condition: the value is an empty object; write 1 to 32 conditions, such as jwt.claim.ref: refs/heads/main",
      ],
    ],
    [
      "a list of conditions",
      'match: {jwt.claim.project_id: "7"}',
      'match: [{jwt.claim.project_id: "7"}]',
      [
        "21:5 error condition: the value is a list; write 1 to 32 conditions, such as jwt.claim.ref: refs/heads/main",
      ],
    ],
    [
      "a claim without jwt.claim",
      'match: {jwt.claim.project_id: "7"}',
      "match: {project_id: 7}",
      [
        "21:13 error attribute: project_id is not an attribute; write jwt.claim.project_id for the claim of this name",
      ],
    ],
    [
      "jwt.claim alone",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim: 7}",
      [
        '21:13 error attribute: jwt.claim names no claim; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "a claim with a slash",
      'match: {jwt.claim.project_id: "7"}',
      'match: {"jwt.claim.oidc.circleci.com/project-id": x}',
      [
        '21:13 error attribute: "jwt.claim.oidc.circleci.com/project-id" is not an attribute; write jwt.claim["oidc.circleci.com/project-id"] for the claim oidc.circleci.com/project-id',
      ],
    ],
    [
      "brackets without quotes",
      'match: {jwt.claim.project_id: "7"}',
      'match: {"jwt.claim[a]": x}',
      [
        '21:13 error attribute: jwt.claim names no claim; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "an attribute that nobody derives",
      'match: {jwt.claim.project_id: "7"}',
      "match: {gitlab.ci_config.file: x}",
      [
        '21:13 error attribute: no issuer type derives the attribute gitlab.ci_config.file; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "an attribute of another type",
      'match: {jwt.claim.project_id: "7"}',
      "match: {github.workflow.path: x}",
      [
        "21:13 error attribute: tokens of type gitlab have no github.workflow.path; write jwt.claim.NAME, or an attribute that this type derives",
      ],
    ],
    [
      "an attribute twice, spelled in two ways",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.a: x, "jwt.claim[\\"a\\"]": y}',
      [
        "21:29 error duplicate: jwt.claim.a already has a condition; write one condition with a list of values",
      ],
    ],
    [
      "an empty value",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.a: ""}',
      [
        "21:13 error condition: the value is empty; write the value to match, or {exists: false} for a claim that must be missing",
      ],
    ],
    [
      "nothing",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: }",
      [
        "21:13 error condition: the value is missing; write a value, a list of values, {glob: …}, {not: …} or {exists: true}",
      ],
    ],
    [
      "an empty list",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: []}",
      ["21:13 error condition: the value is an empty list; write 1 to 1000 values"],
    ],
    [
      "a value twice",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: [x, y, x]}",
      ['21:33 error duplicate: "x" is already in the list; remove this entry'],
    ],
    [
      "a value twice, in two kinds",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.a: [7, "7"]}',
      ['21:30 error duplicate: "7" is already in the list; remove this entry'],
    ],
    [
      "a list in a list",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: [[x]]}",
      [
        "21:27 error condition: the value is a list; write a value, a list of values, {glob: …}, {not: …} or {exists: true}",
      ],
    ],
    [
      "an integer that is not exact",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: 12345678901234567890}",
      [
        "21:26 error syntax: the number 12345678901234567890 would be read as 12345678901234567000; put it in quotes",
      ],
    ],
    [
      "an unknown form",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: {globb: x}}",
      ["21:13 error condition: globb is not a form of condition; did you mean glob?"],
    ],
    [
      "a regular expression",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: {regex: x}}",
      [
        "21:13 error condition: regex is not a form of condition; write a value, a list of values, {glob: …}, {not: …} or {exists: true}",
      ],
    ],
    [
      "two forms at once",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: {not: x, exists: true}}",
      [
        "21:13 error condition: the value is an object; write a value, a list of values, {glob: …}, {not: …} or {exists: true}",
      ],
    ],
    [
      "a glob beside another form",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: {glob: x, not: y}}",
      [
        '21:13 error condition: the value is an object; write a value, or {glob: "refs/heads/release/*"} with one pattern',
      ],
    ],
    [
      "an empty pattern",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.a: {glob: ""}}',
      ["21:27 error glob: the pattern is empty; write a pattern, or {exists: true} for any value"],
    ],
    [
      "three stars",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.a: {glob: "a***b"}}',
      [
        "21:27 error glob: the pattern has three stars in a row; write * within a path segment, or ** across segments",
      ],
    ],
    [
      "a list of patterns in one glob",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.a: {glob: ["a*"]}}',
      [
        '21:13 error condition: the value is an object; write a value, or {glob: "refs/heads/release/*"} with one pattern',
      ],
    ],
    [
      "exists as text",
      'match: {jwt.claim.project_id: "7"}',
      'match: {jwt.claim.a: {exists: "yes"}}',
      ['21:27 error condition: the value is "yes"; write true or false'],
    ],
    [
      "not exists",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: {not: {exists: true}}}",
      [
        '21:27 error condition: the value is an object; write a value, or {glob: "refs/heads/release/*"} with one pattern',
      ],
    ],
    [
      "not not",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: {not: {not: x}}}",
      [
        '21:27 error condition: the value is an object; write a value, or {glob: "refs/heads/release/*"} with one pattern',
      ],
    ],
    [
      "not of nothing",
      'match: {jwt.claim.project_id: "7"}',
      "match: {jwt.claim.a: {not: }}",
      [
        "21:27 error condition: the value is missing; write a value, a list of values, {glob: …}, {not: …} or {exists: true}",
      ],
    ],
    [
      "an empty deny",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    deny: []\ntests:",
      ["24:5 error shape: the list is empty; write at least one entry"],
    ],
    [
      "deny as an object",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    deny: {jwt.claim.a: x}\ntests:",
      ["24:5 error shape: the value is an object; write a list"],
    ],
    [
      "a mistake in deny",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    deny: [{jwt.claim.a: x}, {jwt.claim.b: {}}]\ntests:",
      [
        "24:31 error condition: the value is an empty object; write a value, a list of values, {glob: …}, {not: …} or {exists: true}",
      ],
    ],
  ],
  ["policies"]: [
    [
      "a name twice",
      "name: test",
      "name: deploy",
      ["19:5 error duplicate: another entry already has the name deploy; write another name"],
    ],
    [
      "a name with spaces",
      "name: test",
      "name: my test",
      [
        '19:5 error shape: the value is "my test"; write a name of up to 64 letters, digits, dots, dashes and underscores',
      ],
    ],
    [
      "an unknown issuer",
      "issuer: corp\n",
      "issuer: corb\n",
      ["20:5 error reference: allowedIssuers has no id corb; did you mean corp?"],
    ],
    [
      "a policy without audiences",
      "audiences: [https://vault.example.org]\ntests:",
      "ttl: 5m\ntests:",
      ["19:5 error shape: audiences is missing; add it"],
    ],
    [
      "an audience twice",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://a.example, https://a.example]\ntests:",
      ['23:36 error duplicate: "https://a.example" is already in the list; remove this entry'],
    ],
    [
      "an audience twice, in two forms",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://a.example, {audience: https://a.example, algorithm: RS256}]\ntests:",
      ['23:36 error duplicate: "https://a.example" is already in the list; remove this entry'],
    ],
    [
      "an audience with a space",
      "audiences: [https://vault.example.org]\ntests:",
      'audiences: ["a b"]\ntests:',
      [
        '23:17 error shape: the value is "a b"; write an audience without spaces, such as https://vault.example.org',
      ],
    ],
    [
      "an audience without its algorithm",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [{audience: https://a.example}]\ntests:",
      ["23:17 error shape: algorithm is missing; add it"],
    ],
    [
      "no audiences",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: []\ntests:",
      ["23:5 error shape: the list is empty; write at least one entry"],
    ],
    [
      "an audience whose algorithm has no key",
      BASE,
      'version: 1\ntrustDomain: ci.example.org\nissuer: https://svid.example.org\nsvid: {ttl: 5m, algorithm: ES256}\nkeys: {rotateEvery: 7d, algorithms: [ES256], revoked: []}\nallowedIssuers:\n  - {id: github, type: github, issuer: https://token.actions.githubusercontent.com}\n  - id: corp\n    type: gitlab\n    issuer: https://gitlab.corp.example.org\npolicies:\n  - name: deploy\n    issuer: github\n    match:\n      jwt.claim.repository_id: "1342205517"\n      jwt.claim.ref: refs/heads/main\n    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: test\n    issuer: corp\n    match: {jwt.claim.project_id: "7"}\n    spiffeId: "spiffe://{{ trustDomain }}/corp/7"\n    audiences: [{audience: api://x, algorithm: RS256}]\ntests:\n  - {name: main deploys, issuer: github, fixture: github/push, expect: {policy: deploy}}\n',
      [
        "23:17 error contradiction: keys.algorithms does not have RS256, so no key can sign with it; add it there",
      ],
    ],
    [
      "a lifetime too long",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    ttl: 2h\ntests:",
      ['24:5 error shape: the value is "2h"; write a duration from 1m to 1h, such as 5m'],
    ],
    [
      "an entry misspelled",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    tll: 5m\ntests:",
      ['24:5 error shape: "tll" is not a known entry; did you mean ttl?'],
    ],
    [
      "a shared issuer without a pin",
      '      jwt.claim.repository_id: "1342205517"\n',
      "",
      [
        "14:5 error unpinned-shared-issuer: jobs of every customer of https://token.actions.githubusercontent.com can match; add jwt.claim.repository_id or jwt.claim.repository_owner_id with an exact value",
      ],
    ],
    [
      "a shared issuer pinned by a pattern of ids",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: {glob: "134*"}',
      [
        "14:5 error unpinned-shared-issuer: jobs of every customer of https://token.actions.githubusercontent.com can match; add jwt.claim.repository_id or jwt.claim.repository_owner_id with an exact value",
      ],
    ],
    [
      "a shared issuer pinned by what it is not",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository_id: {not: "1"}',
      [
        "14:5 error unpinned-shared-issuer: jobs of every customer of https://token.actions.githubusercontent.com can match; add jwt.claim.repository_id or jwt.claim.repository_owner_id with an exact value",
      ],
    ],
    [
      "a shared issuer pinned by a pattern of owners",
      'jwt.claim.repository_id: "1342205517"',
      'jwt.claim.repository: {glob: "brightfen*/api"}',
      [
        "14:5 error unpinned-shared-issuer: jobs of every customer of https://token.actions.githubusercontent.com can match; add jwt.claim.repository_id or jwt.claim.repository_owner_id with an exact value",
      ],
    ],
    [
      "a shared issuer pinned by a called workflow",
      'jwt.claim.repository_id: "1342205517"',
      "jwt.claim.job_workflow_ref: o/r/.github/workflows/d.yml@refs/tags/v3",
      [
        "14:5 error unpinned-shared-issuer: jobs of every customer of https://token.actions.githubusercontent.com can match; add jwt.claim.repository_id or jwt.claim.repository_owner_id with an exact value",
      ],
    ],
    [
      "a shared issuer pinned by a visibility",
      'jwt.claim.repository_id: "1342205517"',
      "jwt.claim.repository_visibility: private",
      [
        "14:5 error unpinned-shared-issuer: jobs of every customer of https://token.actions.githubusercontent.com can match; add jwt.claim.repository_id or jwt.claim.repository_owner_id with an exact value",
      ],
    ],
    [
      "an enterprise's form of the shared issuer without a pin",
      BASE,
      'version: 1\ntrustDomain: ci.example.org\nissuer: https://svid.example.org\nsvid: {ttl: 5m, algorithm: ES256}\nkeys: {rotateEvery: 7d, algorithms: [ES256, RS256], revoked: []}\nallowedIssuers:\n  - {id: github, type: github, issuer: https://token.actions.githubusercontent.com/brightfen}\n  - id: corp\n    type: gitlab\n    issuer: https://gitlab.corp.example.org\npolicies:\n  - name: deploy\n    issuer: github\n    match:\n      jwt.claim.ref: refs/heads/main\n    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}"\n    audiences: [https://vault.example.org]\n  - name: test\n    issuer: corp\n    match: {jwt.claim.project_id: "7"}\n    spiffeId: "spiffe://{{ trustDomain }}/corp/7"\n    audiences: [https://vault.example.org]\ntests:\n  - {name: main deploys, issuer: github, fixture: github/push, expect: {policy: deploy}}\n',
      [
        "14:5 error unpinned-shared-issuer: jobs of every customer of https://token.actions.githubusercontent.com/brightfen can match; add jwt.claim.repository_id or jwt.claim.repository_owner_id with an exact value",
      ],
    ],
  ],
  ["templates"]: [
    [
      "another trust domain",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://other.example.org/x"',
      [
        "22:5 error spiffe-id: the template does not start with spiffe://{{ trustDomain }}/; write this and then a path",
      ],
    ],
    [
      "no path",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}"',
      [
        "22:5 error spiffe-id: the template does not start with spiffe://{{ trustDomain }}/; write this and then a path",
      ],
    ],
    [
      "an empty path",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/"',
      [
        "22:5 error spiffe-id: a path segment is empty (SPIFFE-ID 2.2); write segments of A-Z a-z 0-9 . - _ only, and placeholders",
      ],
    ],
    [
      "no scheme",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"{{ trustDomain }}/x"',
      [
        "22:5 error spiffe-id: the template does not start with spiffe://{{ trustDomain }}/; write this and then a path",
      ],
    ],
    [
      "a slash at the end",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/x/"',
      [
        "22:5 error spiffe-id: a path segment is empty (SPIFFE-ID 2.2); write segments of A-Z a-z 0-9 . - _ only, and placeholders",
      ],
    ],
    [
      "two slashes",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/x//y"',
      [
        "22:5 error spiffe-id: a path segment is empty (SPIFFE-ID 2.2); write segments of A-Z a-z 0-9 . - _ only, and placeholders",
      ],
    ],
    [
      "dots",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/x/../y"',
      [
        "22:5 error spiffe-id: a path segment is '.' or '..' (SPIFFE-ID 2.2); write segments of A-Z a-z 0-9 . - _ only, and placeholders",
      ],
    ],
    [
      "a colon",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/a:b"',
      [
        "22:5 error spiffe-id: a path segment may hold only letters, digits, '.', '-' and '_' (SPIFFE-ID 2.2); write segments of A-Z a-z 0-9 . - _ only, and placeholders",
      ],
    ],
    [
      "a percent sign",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/a%2Fb"',
      [
        "22:5 error spiffe-id: a path segment may hold only letters, digits, '.', '-' and '_' (SPIFFE-ID 2.2); write segments of A-Z a-z 0-9 . - _ only, and placeholders",
      ],
    ],
    [
      "SPIRE's path",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/spire/x"',
      [
        "22:5 error spiffe-id: the path /spire is reserved by SPIRE; write segments of A-Z a-z 0-9 . - _ only, and placeholders",
      ],
    ],
    [
      "a placeholder that does not close",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.a"',
      [
        "22:5 error template: the placeholder of jwt.claim.a does not end with }}; write {{ attribute }} or {{ attribute | filter }}",
      ],
    ],
    [
      "a placeholder that does not open",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/jwt.claim.a }}"',
      ["22:5 error template: a }} has no {{ before it; write {{ attribute }}"],
    ],
    [
      "an empty placeholder",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ }}"',
      [
        '22:5 error template: in the template, "}}" is not an attribute; write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters',
      ],
    ],
    [
      "a claim without jwt.claim",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ project_id }}"',
      [
        "22:5 error template: in the template, project_id is not an attribute; write jwt.claim.project_id for the claim of this name",
      ],
    ],
    [
      "an unknown filter",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.a | upper }}"',
      ['22:5 error template: "upper" is not a filter; write one of path, enc, hash, lower'],
    ],
    [
      "a filter misspelled",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.a | hsah }}"',
      ['22:5 error template: "hsah" is not a filter; did you mean hash?'],
    ],
    [
      "filters in the wrong order",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.a | enc | lower }}"',
      [
        "22:5 error template: the filters enc | lower cannot be combined; write lower first, then one of path, enc and hash",
      ],
    ],
    [
      "two filters of a kind",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.a | enc | hash }}"',
      [
        "22:5 error template: the filters enc | hash cannot be combined; write lower first, then one of path, enc and hash",
      ],
    ],
    [
      "two values in one segment",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.a }}-{{ jwt.claim.b }}"',
      [
        "22:5 error template-ambiguous: two placeholders in one segment can give different jobs the same SPIFFE ID; put a / between them, or use hash for one",
      ],
    ],
    [
      "two paths",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/{{ jwt.claim.a | path }}/{{ jwt.claim.b | path }}"',
      [
        "22:5 error template-ambiguous: two placeholders with the filter path can give different jobs the same SPIFFE ID; use path once, and enc or hash for the other",
      ],
    ],
    [
      "a path beside text",
      '"spiffe://{{ trustDomain }}/corp/7"',
      '"spiffe://{{ trustDomain }}/a-{{ jwt.claim.b | path }}"',
      [
        "22:5 error template-ambiguous: a placeholder with the filter path shares its segment with text; put a / on both sides of it, or use enc",
      ],
    ],
    [
      "no claims",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {}\ntests:",
      [
        "24:5 error shape: the value is an empty object; write an object with at least one claim, or remove claims",
      ],
    ],
    [
      "claims that are a list",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: [a]\ntests:",
      ["24:5 error shape: the value is a list; write an object with at least one claim, or remove claims"],
    ],
    [
      "a registered claim",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {sub: x}\ntests:",
      [
        "24:14 error registered-claim: sub is a registered claim, which only the exchange sets; use another name",
      ],
    ],
    [
      "a registered claim in capitals",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {AUD: x}\ntests:",
      [
        "24:14 error registered-claim: AUD is a registered claim, which only the exchange sets; use another name",
      ],
    ],
    [
      "a claim for a key",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {cnf: {jwk: x}}\ntests:",
      [
        "24:14 error registered-claim: cnf is a registered claim, which only the exchange sets; use another name",
      ],
    ],
    [
      "a claim that looks like a registered one",
      "audiences: [https://vault.example.org]\ntests:",
      'audiences: [https://vault.example.org]\n    claims: {"\\u0455ub": x}\ntests:',
      ["24:14 error shape: the name of a claim may contain only A-Z a-z 0-9 _ . : / ~ -; use another name"],
    ],
    [
      "a claim with a space",
      "audiences: [https://vault.example.org]\ntests:",
      'audiences: [https://vault.example.org]\n    claims: {"sub ": x}\ntests:',
      ["24:14 error shape: the name of a claim may contain only A-Z a-z 0-9 _ . : / ~ -; use another name"],
    ],
    [
      "a claim named like a prototype",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {__proto__: x}\ntests:",
      ["24:14 error shape: the name of a claim may contain only A-Z a-z 0-9 _ . : / ~ -; use another name"],
    ],
    [
      "a fraction",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {a: 1.5}\ntests:",
      ["24:14 error shape: the value is 1.5; write text, true, false, an integer, a list or an object"],
    ],
    [
      "nothing in a claim",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {a: }\ntests:",
      ["24:14 error shape: the value is missing; write text, true, false, an integer, a list or an object"],
    ],
    [
      "a path in a claim",
      "audiences: [https://vault.example.org]\ntests:",
      'audiences: [https://vault.example.org]\n    claims: {a: "{{ jwt.claim.a | path }}"}\ntests:',
      ["24:14 error template: the filter path is for spiffeId alone; remove it here"],
    ],
    [
      "a template that does not close",
      "audiences: [https://vault.example.org]\ntests:",
      'audiences: [https://vault.example.org]\n    claims: {a: ["{{ jwt.claim.a"]}\ntests:',
      [
        "24:18 error template: the placeholder of jwt.claim.a does not end with }}; write {{ attribute }} or {{ attribute | filter }}",
      ],
    ],
    [
      "claims too deep",
      "audiences: [https://vault.example.org]\ntests:",
      "audiences: [https://vault.example.org]\n    claims: {a: [[[[[[[[[[[[x]]]]]]]]]]]]}\ntests:",
      ["24:25 error shape: the claims are nested too deeply; write 8 levels at most"],
    ],
  ],
  ["tests"]: [
    [
      "a test without an issuer",
      "issuer: github, fixture",
      "fixture",
      ["25:5 error shape: issuer is missing; add it"],
    ],
    [
      "a test of an unknown issuer",
      "issuer: github, fixture",
      "issuer: githup, fixture",
      ["25:26 error reference: allowedIssuers has no id githup; did you mean github?"],
    ],
    [
      "a test that expects nothing",
      "expect: {policy: deploy}",
      "expect: {}",
      [
        "25:64 error shape: the value is an empty object; write an object with denied, policy, spiffeId, audience, algorithm, ttl, claims",
      ],
    ],
    [
      "a test that expects both",
      "expect: {policy: deploy}",
      "expect: {policy: deploy, denied: policy_denied}",
      ["25:64 error contradiction: expect has denied and also members of a grant; keep one of the two"],
    ],
    [
      "a test of an unknown code",
      "expect: {policy: deploy}",
      "expect: {denied: policy_denid}",
      [
        '25:73 error shape: the value is "policy_denid"; write one of token_claim_missing, guard_refused, policy_unknown, policy_denied, ambiguous_policy, audience_required, audience_refused, identity_refused; did you mean policy_denied?',
      ],
    ],
    [
      "a fixture that is no name",
      "fixture: github/push",
      "fixture: Push",
      ['25:42 error shape: the value is "Push"; write the name of a fixture, such as github/push'],
    ],
    [
      "a test's name twice",
      "tests:\n",
      "tests:\n  - {name: main deploys, issuer: github, expect: {denied: policy_denied}}\n",
      ["26:6 error duplicate: another entry already has the name main deploys; write another name"],
    ],
  ],
};

import { now } from "../../local/clock.ts";
import { OUR_ISSUER } from "../../local/trust-document.ts";
import { type Attack, tokens } from "./attack.ts";
import { CANARY_HOST, CI, ciToken } from "./issuers.ts";

const iss = (issuer: unknown) => () => ciToken({}, { iss: issuer });
const GITHUB = "https://token.actions.githubusercontent.com";

const ISSUERS: Readonly<Record<string, unknown>> = {
  "userinfo in front of another host": `https://ci.example@${CANARY_HOST}`,
  "userinfo with a password": `https://ci.example:x@${CANARY_HOST}`,
  "userinfo in front of the host": "https://x@ci.example",
  "a port": `${CI}:443`,
  "another port": `${CI}:8443`,
  "a slash": `${CI}/`,
  "a dot at the end of the host": `${CI}.`,
  "a path": `${CI}/brightfen-group`,
  "a path that climbs": `${CI}/../ci.example`,
  "a query": `${CI}?x`,
  "a fragment": `${CI}#x`,
  "a host that begins alike": `${CI}.${CANARY_HOST}`,
  "a host that ends alike": "https://evil-ci.example",
  "a query that looks alike": `https://${CANARY_HOST}?${CI}`,
  "plain http": "http://ci.example",
  "another scheme": "ftp://ci.example",
  "no scheme": "ci.example",
  "capitals in the host": "https://CI.example",
  "capitals in the scheme": "HTTPS://ci.example",
  "percent-encoding": "https://c%69.example",
  "a space behind": `${CI} `,
  "a space in front": ` ${CI}`,
  "a line break": `${CI}\n`,
  "a null byte": `${CI}\u0000`,
  "a Cyrillic letter": "https://сi.example",
  "a full-width letter": "https://ｃi.example",
  "a combining accent": "https://ci\u0301.example",
  "a zero-width space": "https://ci\u200b.example",
  "a backslash": "https:\\\\ci.example",
  "the canary on a name": `https://${CANARY_HOST}`,
  "the cloud's metadata": "http://169.254.169.254",
  localhost: "http://localhost",
  "two names": `${CI} ${GITHUB}`,
  "the address of the keys": `${CI}/.well-known/openid-configuration`,
  "an enterprise's slug at GitHub": `${GITHUB}/brightfen-group`,
  __proto__: "__proto__",
  constructor: "constructor",
  "our own issuer": OUR_ISSUER,
};

const aud = (audience: unknown) => () => ciToken({}, { aud: audience });

const AUDIENCES: Readonly<Record<string, unknown>> = {
  empty: "",
  "an empty list": [],
  "ours and another": [OUR_ISSUER, "https://other.example"],
  "another and ours": ["https://other.example", OUR_ISSUER],
  "ours twice": [OUR_ISSUER, OUR_ISSUER],
  "another deployment of this exchange": "https://svid.other.example",
  "GitHub's default": "https://github.com/brightfen",
  "the audience that the SVID is for": "https://vault.example.org",
  "ours with a slash": `${OUR_ISSUER}/`,
  "ours with a path": `${OUR_ISSUER}/token`,
  "ours with a port": `${OUR_ISSUER}:443`,
  "ours in capitals": OUR_ISSUER.toUpperCase(),
  "ours without a scheme": "svid.example.org",
  "a beginning of ours": OUR_ISSUER.slice(0, -1),
  "ours among words": `${OUR_ISSUER} https://other.example`,
  "a wildcard": "*",
  "our host with another scheme": OUR_ISSUER.replace("https", "http"),
};

export const NAME_ATTACKS: readonly Attack[] = [
  ...tokens(
    "issuer_not_allowed",
    Object.fromEntries(Object.entries(ISSUERS).map(([name, issuer]) => [`iss: ${name}`, iss(issuer)])),
  ),
  ...tokens("token_claim_invalid", {
    "iss: a list of the right one": iss([CI]),
    "iss: a list of several": iss([CI, GITHUB]),
    "iss: an object": iss({ [CI]: true }),
    "aud: an object": aud({ [OUR_ISSUER]: true }),
    "aud: a list with a number": aud([OUR_ISSUER, 1]),
    "aud: ours in a list in a list": aud([[OUR_ISSUER]]),
    "aud: a boolean": aud(true),
  }),
  {
    name: "iss: on loopback",
    ends: "issuer_not_allowed",
    send: (arena) => arena.send(ciToken({}, { iss: arena.canary.url })),
  },
  {
    name: "iss: a canary with our token's claims, from GitHub's key",
    ends: "issuer_not_allowed",
    send: async (arena) =>
      arena.send(await arena.lab.github.token(OUR_ISSUER, now(), { iss: arena.canary.url })),
  },
  ...tokens(
    "token_audience_mismatch",
    Object.fromEntries(Object.entries(AUDIENCES).map(([name, audience]) => [`aud: ${name}`, aud(audience)])),
  ),
];

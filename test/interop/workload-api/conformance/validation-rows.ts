import { createHmac, createPublicKey } from "node:crypto";
import { encode } from "../../../shared/subject-token/craft.ts";
import { ecdsa, ed25519, KEYS, NOW, SIGNERS, TRUST_DOMAIN } from "../../../shared/verify/craft.ts";
import { accepts, type Row, rejects } from "./row.ts";
import { token, VALIDATOR } from "./world.ts";

/** What makes a JWT-SVID valid, as `ValidateJWTSVID` judges it for a client. */

const GOOD = token();
const [HEADER = "", CLAIMS = "", SIGNATURE = ""] = GOOD.split(".");
const OTHER_CLAIMS = token({ claims: { sub: `spiffe://${TRUST_DOMAIN}/admin` } }).split(".")[1] ?? "";
const flipped = `${SIGNATURE.startsWith("A") ? "B" : "A"}${SIGNATURE.slice(1)}`;
const saying = (claims: object): string => token({ claims: { ...claims } });
const ofId = (sub: string): string => saying({ sub });
const publicPem = createPublicKey(KEYS.rsa.privateKey).export({ type: "spki", format: "pem" });
const hs = (bits: 256 | 384 | 512): string => {
  const signer = (input: Buffer): Buffer => createHmac(`sha${bits}`, publicPem).update(input).digest();
  return token({ header: { alg: `HS${bits}`, kid: "rsa" }, signer });
};

const HEADER_ROWS: readonly Row[] = [
  {
    clause: "JS §2.1",
    level: "MUST",
    what: "accept each of the nine algorithms",
    check: accepts(
      ...Object.entries(SIGNERS).map(([alg, [kid, signer]]) => token({ header: { alg, kid }, signer })),
    ),
  },
  {
    clause: "JS §2.1",
    level: "MUST",
    what: "reject `none`, HMAC with the public key, and an algorithm outside of the list",
    check: rejects(
      GOOD,
      `${encode(JSON.stringify({ alg: "none", kid: "p256", typ: "JWT" }))}.${CLAIMS}.`,
      hs(256),
      hs(384),
      hs(512),
      token({ header: { alg: "EdDSA", kid: "p256" }, signer: ed25519 }),
    ),
  },
  {
    clause: "JS §4",
    level: "MUST",
    what: "reject an algorithm that does not fit the key",
    check: rejects(
      GOOD,
      token({ header: { alg: "RS256" } }),
      token({ header: { alg: "ES384" }, signer: ecdsa(384, "p256") }),
    ),
  },
  {
    clause: "JS §2.3",
    level: "MUST",
    what: "accept the `typ` JWT, JOSE or none, and reject any other",
    check: async (subject) => {
      await accepts(token({ header: { typ: "JOSE" } }), token({ header: { typ: undefined } }))(subject);
      await rejects(GOOD, token({ header: { typ: "at+jwt" } }))(subject);
    },
  },
  {
    clause: "JS §2.2",
    level: "MUST",
    what: "accept an SVID without `kid`",
    deviation: "it rejects it, as go-spiffe and SPIRE do: without it, each key would have to be tried",
    check: rejects(GOOD, token({ header: { kid: undefined } })),
  },
  {
    clause: "JS §2, §4",
    level: "MUST",
    what: "reject an unknown header parameter, and `crit`",
    check: rejects(
      GOOD,
      token({ header: { crit: ["b64"], b64: true } }),
      token({ header: { jku: "https://x" } }),
    ),
  },
  {
    clause: "JS §1, §5.1",
    level: "MUST",
    what: "reject what is not a JWS in compact serialisation",
    check: rejects(
      GOOD,
      JSON.stringify({ protected: HEADER, payload: CLAIMS, signature: SIGNATURE }),
      `${HEADER}.${CLAIMS}`,
      `${GOOD}.${SIGNATURE}`,
      `${HEADER}.${CLAIMS}.${SIGNATURE}==`,
      `${encode("{")}.${CLAIMS}.${SIGNATURE}`,
    ),
  },
];

const CLAIM_ROWS: readonly Row[] = [
  {
    clause: "JS §3.2",
    level: "MUST",
    what: "accept the audience as text and as one of a list, and reject an SVID without it or for another one",
    check: async (subject) => {
      await accepts(saying({ aud: VALIDATOR }), saying({ aud: ["other", VALIDATOR] }))(subject);
      await rejects(
        GOOD,
        saying({ aud: undefined }),
        saying({ aud: ["other"] }),
        saying({ aud: [] }),
      )(subject);
    },
  },
  {
    clause: "JS §3.3",
    level: "MUST",
    what: "reject an SVID without `exp`, and one that has expired",
    check: rejects(GOOD, saying({ exp: undefined }), saying({ exp: NOW - 300 }), saying({ exp: NOW })),
  },
  {
    clause: "JS §4 (RFC 7519 §4.1.5)",
    level: "MUST",
    what: "reject an SVID that is not valid yet",
    check: rejects(GOOD, saying({ nbf: NOW + 300 })),
  },
];

const SIGNATURE_ROWS: readonly Row[] = [
  {
    clause: "JS §4",
    level: "MUST",
    what: "reject a changed signature, changed claims, and the signature of a key that is not in the bundle",
    check: rejects(
      GOOD,
      `${HEADER}.${CLAIMS}.${flipped}`,
      `${HEADER}.${OTHER_CLAIMS}.${SIGNATURE}`,
      token({ header: { kid: "nobody" }, signer: ecdsa(256, "stranger") }),
      token({ signer: ecdsa(256, "stranger") }),
    ),
  },
  {
    clause: "JS §6.1, TB §4.2",
    level: "MUST",
    what: "ignore keys of another use or of an unknown type, and use the others",
    check: rejects(GOOD, token({ header: { kid: "stranger" }, signer: ecdsa(256, "stranger") })),
  },
  {
    clause: "WA §6.3",
    level: "MUST",
    what: "reject an SVID of a trust domain that has no bundle, by whatever key it is signed",
    check: rejects(GOOD, ofId("spiffe://other.example.org/workload")),
  },
  {
    clause: "WA §4.4",
    level: "MUST",
    what: "accept the SVIDs of a key from the moment that it is published, and no more once it is withdrawn",
    check: async (subject) => {
      await accepts(GOOD)(subject);
      await subject.publish(subject.keys.slice(0, 1));
      const rsa = token({ header: { alg: "RS256", kid: "rsa" }, signer: SIGNERS["RS256"]?.[1] ?? ed25519 });
      await rejects(rsa, GOOD)(subject);
      await subject.publish(subject.keys);
      await accepts(GOOD)(subject);
    },
  },
];

const ID_ROWS: readonly Row[] = [
  {
    clause: "JS §3.1, ID §2",
    level: "MUST",
    what: "reject a `sub` that is not the SPIFFE ID of a workload",
    check: rejects(
      GOOD,
      ...[
        `spiffe://${TRUST_DOMAIN}`,
        "spiffe:///a",
        `https://${TRUST_DOMAIN}/a`,
        `spiffe://${TRUST_DOMAIN}:8080/a`,
        `spiffe://user@${TRUST_DOMAIN}/a`,
        `spiffe://${TRUST_DOMAIN}/a?x=1`,
        `spiffe://${TRUST_DOMAIN}/a#f`,
        `spiffe://${TRUST_DOMAIN}/%41`,
        `spiffe://${TRUST_DOMAIN}/a//b`,
        `spiffe://${TRUST_DOMAIN}/a/./b`,
        `spiffe://${TRUST_DOMAIN}/a/../b`,
        `spiffe://${TRUST_DOMAIN}/a/`,
        `spiffe://${TRUST_DOMAIN}/a!b`,
        `spiffe://${TRUST_DOMAIN}/${"a".repeat(2_048)}`,
        "no-uri",
      ].map(ofId),
    ),
  },
  {
    clause: "ID §2.2, §2.3",
    level: "MUST",
    what: "accept each character of a path, and an ID of 2,048 bytes",
    check: accepts(
      ofId(`spiffe://${TRUST_DOMAIN}/a.b-c_D/9`),
      ofId(`spiffe://${TRUST_DOMAIN}/`.padEnd(2_048, "a")),
    ),
  },
];

export const VALIDATION_ROWS: readonly Row[] = [...HEADER_ROWS, ...CLAIM_ROWS, ...SIGNATURE_ROWS, ...ID_ROWS];

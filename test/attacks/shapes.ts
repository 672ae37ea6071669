import { compact, encode, goodHeader } from "../shared/subject-token/craft.ts";
import { type Attack, tokens } from "./attack.ts";
import { CI, ciToken, jobClaims } from "./issuers.ts";

/** A good token, cut in its three parts and joined in another way. */
const rejoined = (join: (header: string, claims: string, signature: string) => string) => () => {
  const [header = "", claims = "", signature = ""] = ciToken().split(".");
  return join(header, claims, signature);
};

const claimsText = (text: string) => () => ciToken({}, text);
const withText = (extra: string) => () =>
  ciToken({}, JSON.stringify(jobClaims(CI)).replace(/}$/, `,${extra}}`));

/** The last character of 256 bytes of signature has four unused bits: sixteen texts, of which one is canonical. */
function otherLastCharacter(step: number) {
  return rejoined((header, claims, signature) => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(signature.slice(-1));
    return `${header}.${claims}.${signature.slice(0, -1)}${alphabet[last + step]}`;
  });
}

export const SHAPE_ATTACKS: readonly Attack[] = [
  ...tokens("token_malformed", {
    "one part": rejoined((header) => header),
    "two parts": rejoined((header, claims) => `${header}.${claims}`),
    "four parts": rejoined((header, claims, signature) => `${header}.${claims}.${signature}.${signature}`),
    "the five parts of a JWE": rejoined(
      (header, claims, signature) => `${header}.AA.${claims}.${signature}.AA`,
    ),
    "three empty parts": () => "..",
    "an empty header": rejoined((_, claims, signature) => `.${claims}.${signature}`),
    "an empty claims set": rejoined((header, _, signature) => `${header}..${signature}`),
    "a dot at the end": rejoined((header, claims, signature) => `${header}.${claims}.${signature}.`),
    "16 KiB of dots": () => ".".repeat(16 * 1024),
    "the flattened JSON serialisation": rejoined((header, claims, signature) =>
      JSON.stringify({ protected: header, payload: claims, signature }),
    ),
    "the general JSON serialisation": rejoined((header, claims, signature) =>
      JSON.stringify({ payload: claims, signatures: [{ protected: header, signature }] }),
    ),
    "padding after the header": rejoined((header, claims, signature) => `${header}==.${claims}.${signature}`),
    "padding after the signature": rejoined(
      (header, claims, signature) => `${header}.${claims}.${signature}==`,
    ),
    "the standard alphabet": rejoined(
      (header, claims, signature) => `${header}.${claims}.${signature.replace(/[-_]/g, "/")}/`,
    ),
    "percent-encoding inside": rejoined((header, claims, signature) => `${header}%2E${claims}.${signature}`),
    "a space in front": rejoined((...parts) => ` ${parts.join(".")}`),
    "a line break at the end": rejoined((...parts) => `${parts.join(".")}\n`),
    "a line break in the middle": rejoined((header, ...rest) => `${header}\r\n.${rest.join(".")}`),
    "a tab": rejoined((...parts) => parts.join(".\t")),
    "a null byte": rejoined((...parts) => `${parts.join(".")}\0`),
    "a soft hyphen": rejoined((...parts) => parts.join("\u00ad.")),
    "full-width dots": rejoined((...parts) => parts.join("．")),
    "Bearer in front": rejoined((...parts) => `Bearer ${parts.join(".")}`),
    "quotes around": rejoined((...parts) => `"${parts.join(".")}"`),
    "the next last character": otherLastCharacter(1),
    "the last last character": otherLastCharacter(15),
    "one character too few": rejoined(
      (header, claims, signature) => `${header}.${claims}.${signature.slice(0, -1)}`,
    ),
    "claims that are a list": claimsText("[]"),
    "claims that are a string": claimsText('"x"'),
    "claims that are null": claimsText("null"),
    "claims that are no JSON": claimsText("iss=https://ci.example"),
    "claims that end early": claimsText('{"iss":"https://ci.example"'),
    "claims with something behind": claimsText(`${JSON.stringify(jobClaims(CI))}{}`),
    "claims with a byte order mark": claimsText(`\ufeff${JSON.stringify(jobClaims(CI))}`),
    "claims in UTF-16": () => compactBytes(Buffer.from(JSON.stringify(jobClaims(CI)), "utf16le")),
    "claims in overlong UTF-8": () =>
      compactBytes(Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])),
    "claims with a surrogate in UTF-8": () =>
      compactBytes(
        Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
      ),
    "claims with half a surrogate": withText('"x":"\\ud800"'),
    "claims with a number beyond all": withText('"x":1e999'),
    "claims with a number that nearly is an integer": withText('"x":1.0000000000000001'),
    "claims with a date that nearly is one": withText('"nbf":1795341600.00000001'),
    "iss twice": withText(`"iss":"${CI}"`),
    "sub twice": withText('"sub":"job:other"'),
    "aud twice, once escaped": withText('"a\\u0075d":"x"'),
    "a member twice, far inside": withText('"x":[{"y":{"z":1,"z":1}}]'),
    "__proto__ twice": withText('"__proto__":{},"__proto__":{}'),
    "objects thirty deep": withText(`"x":${'{"x":'.repeat(30)}1${"}".repeat(30)}`),
    "lists six thousand deep": () =>
      ciToken({}, `{"iss":"${CI}","x":${"[".repeat(5_500)}${"]".repeat(5_500)}}`),
    "a thousand members": withText(Array.from({ length: 1_000 }, (_, i) => `"m${i}":1`).join()),
  }),
  ...tokens("token_too_large", {
    "17 KiB of dots": () => ".".repeat(17 * 1024),
    "a claim of 20 KiB": withText(`"x":"${"x".repeat(20_000)}"`),
  }),
];

function compactBytes(claims: Uint8Array): string {
  const [header = "", , signature = ""] = compact({ ...goodHeader }, "{}").split(".");
  return `${header}.${encode(claims)}.${signature}`;
}

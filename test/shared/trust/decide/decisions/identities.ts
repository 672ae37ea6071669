import type { JsonObject } from "../../../../../shared/json.ts";
import { granted, policy, type Row, refused } from "./row.ts";

const identity = (it: string, template: string, claims: JsonObject, expected: Row["expected"]): Row => ({
  it: `${template}: ${it}`,
  issuer: "ci",
  policies: [policy({ "jwt.claim.go": "1" }, { spiffeId: `spiffe://{{ trustDomain }}/${template}` })],
  claims: { go: "1", ...claims },
  expected,
});
const claims = (it: string, template: JsonObject, own: JsonObject, expected: Row["expected"]): Row => ({
  it: `claims: ${it}`,
  issuer: "ci",
  policies: [policy({ "jwt.claim.go": "1" }, { claims: template })],
  claims: { go: "1", ...own },
  expected,
});
const id = (path: string) => granted({ id: path });
const A = "jwt.claim.a";
const no = refused("identity_refused", A);
const PLACEHOLDER = "{{ jwt.claim.a }}";
const DIGEST = "ca978112ca1bbdcafac231b39a23dc4d";

/** SPIFFE IDs and claims made of the caller's values. */
export const identityRows: readonly Row[] = [
  identity("a value", PLACEHOLDER, { a: "x" }, id("x")),
  identity("spaces in the braces mean nothing", "{{jwt.claim.a}}", { a: "x" }, id("x")),
  identity("every character that a segment may hold", PLACEHOLDER, { a: "aZ09._-" }, id("aZ09._-")),
  identity("a part of a segment", "v-{{ jwt.claim.a }}-z", { a: "x" }, id("v-x-z")),
  identity("several segments", "{{ jwt.claim.a }}/{{ jwt.claim.b }}", { a: "x", b: "y" }, id("x/y")),
  identity("an integer", PLACEHOLDER, { a: 42 }, id("42")),
  identity("a boolean", PLACEHOLDER, { a: true }, id("true")),
  identity("missing", PLACEHOLDER, {}, no),
  identity("null", PLACEHOLDER, { a: null }, no),
  identity("empty", PLACEHOLDER, { a: "" }, no),
  identity("a slash", PLACEHOLDER, { a: "x/y" }, no),
  identity("a colon", PLACEHOLDER, { a: "x:y" }, no),
  identity("an at sign", PLACEHOLDER, { a: "x@y" }, no),
  identity("a percent sign", PLACEHOLDER, { a: "x%2Fy" }, no),
  identity("a space", PLACEHOLDER, { a: "x y" }, no),
  identity("a line break", PLACEHOLDER, { a: "x\n" }, no),
  identity("a zero byte", PLACEHOLDER, { a: "x\u0000" }, no),
  identity("a letter that is not ASCII", PLACEHOLDER, { a: "\u00e9" }, no),
  identity("a dot alone", PLACEHOLDER, { a: "." }, no),
  identity("two dots alone", PLACEHOLDER, { a: ".." }, no),
  identity("three dots are a name", PLACEHOLDER, { a: "..." }, id("...")),
  identity("two dots beside text are no climb", "v{{ jwt.claim.a }}", { a: ".." }, id("v..")),
  identity("a fraction", PLACEHOLDER, { a: 1.5 }, no),
  identity("an integer that is not exact", PLACEHOLDER, { a: 9007199254740992 }, no),
  identity("an array", PLACEHOLDER, { a: ["x"] }, no),
  identity("an object", PLACEHOLDER, { a: { b: "x" } }, no),
  identity(
    "the path that SPIRE reserves",
    "{{ jwt.claim.a }}/x",
    { a: "spire" },
    refused("identity_refused"),
  ),
  identity("a name that only starts like it", "{{ jwt.claim.a }}/x", { a: "spire2" }, id("spire2/x")),
  identity("an ID that is too long", PLACEHOLDER, { a: "x".repeat(2048) }, refused("identity_refused")),

  identity("several segments of one value", "{{ jwt.claim.a | path }}", { a: "x/y/z" }, id("x/y/z")),
  identity("one segment of one value", "{{ jwt.claim.a | path }}", { a: "x" }, id("x")),
  identity("an empty segment", "{{ jwt.claim.a | path }}", { a: "x//y" }, no),
  identity("a slash in front", "{{ jwt.claim.a | path }}", { a: "/x" }, no),
  identity("a slash at the end", "{{ jwt.claim.a | path }}", { a: "x/" }, no),
  identity("a climb", "{{ jwt.claim.a | path }}", { a: "x/../y" }, no),
  identity("a bad character in the second segment", "{{ jwt.claim.a | path }}", { a: "x/y z" }, no),

  identity("what is safe stays", "{{ jwt.claim.a | enc }}", { a: "aZ09.-" }, id("aZ09.-")),
  identity("a slash is spelled", "{{ jwt.claim.a | enc }}", { a: "x/y" }, id("x_2Fy")),
  identity("an underscore is spelled", "{{ jwt.claim.a | enc }}", { a: "x_2Fy" }, id("x_5F2Fy")),
  identity("every byte of a letter is spelled", "{{ jwt.claim.a | enc }}", { a: "\u00e9" }, id("_C3_A9")),
  identity(
    "a character of two code units",
    "{{ jwt.claim.a | enc }}",
    { a: "\u{1F600}" },
    id("_F0_9F_98_80"),
  ),
  identity("a control character has two digits", "{{ jwt.claim.a | enc }}", { a: "\n" }, id("_0A")),
  identity("dots alone are refused all the same", "{{ jwt.claim.a | enc }}", { a: ".." }, no),
  identity("empty is refused all the same", "{{ jwt.claim.a | enc }}", { a: "" }, no),
  identity("half a character is refused", "{{ jwt.claim.a | enc }}", { a: "\ud800" }, no),

  identity("32 digits", "{{ jwt.claim.a | hash }}", { a: "a" }, id(DIGEST)),
  identity("half a character is refused", "{{ jwt.claim.a | hash }}", { a: "\udc00" }, no),
  identity(
    "a hash beside a value",
    "{{ jwt.claim.b }}-{{ jwt.claim.a | hash }}",
    { a: "a", b: "x" },
    id(`x-${DIGEST}`),
  ),

  identity("capitals", "{{ jwt.claim.a | lower }}", { a: "AbC" }, id("abc")),
  identity("a Kelvin sign is no k", "{{ jwt.claim.a | lower }}", { a: "\u212a" }, no),
  identity("then several segments", "{{ jwt.claim.a | lower | path }}", { a: "Org/Repo" }, id("org/repo")),
  identity(
    "then spelled: other letters keep their case",
    "{{ jwt.claim.a | lower | enc }}",
    { a: "\u00c9X" },
    id("_C3_89x"),
  ),

  claims(
    "text with a value",
    { a: "v-{{ jwt.claim.a }}" },
    { a: "x/y z" },
    granted({ claims: { a: "v-x/y z" } }),
  ),
  claims(
    "a whole value keeps its type: integer",
    { a: PLACEHOLDER },
    { a: 42 },
    granted({ claims: { a: 42 } }),
  ),
  claims(
    "a whole value keeps its type: boolean",
    { a: PLACEHOLDER },
    { a: false },
    granted({ claims: { a: false } }),
  ),
  claims(
    "a whole value keeps its type: array",
    { a: PLACEHOLDER },
    { a: ["x", 1] },
    granted({ claims: { a: ["x", 1] } }),
  ),
  claims(
    "a whole value keeps its type: object",
    { a: PLACEHOLDER },
    { a: { b: ["x"] } },
    granted({ claims: { a: { b: ["x"] } } }),
  ),
  claims("a whole value may be empty", { a: PLACEHOLDER }, { a: "" }, granted({ claims: { a: "" } })),
  claims(
    "a part of text becomes text",
    { a: "n{{ jwt.claim.a }}" },
    { a: 42 },
    granted({ claims: { a: "n42" } }),
  ),
  claims("a part of text can't be an array", { a: "n{{ jwt.claim.a }}" }, { a: ["x"] }, no),
  claims(
    "objects and lists",
    { o: { l: [PLACEHOLDER, true, 7, "z"] } },
    { a: "x" },
    granted({ claims: { o: { l: ["x", true, 7, "z"] } } }),
  ),
  claims(
    "a filter makes text",
    { a: "{{ jwt.claim.a | hash }}" },
    { a: "a" },
    granted({ claims: { a: DIGEST } }),
  ),
  claims("the trust domain", { a: "{{ trustDomain }}" }, {}, granted({ claims: { a: "ci.example.org" } })),
  claims("a missing value is refused", { a: PLACEHOLDER }, {}, no),
  ...[2 ** 53, -(2 ** 60), [1, 2 ** 53], { b: [{ c: 1e300 }] }].map((value) =>
    claims(
      `an integer that may have been its neighbour is refused: ${JSON.stringify(value)}`,
      { a: PLACEHOLDER },
      { a: value },
      no,
    ),
  ),
  claims(
    "a fraction and the largest safe integer keep their value",
    { a: PLACEHOLDER },
    { a: [1.5, 2 ** 53 - 1] },
    granted({ claims: { a: [1.5, 2 ** 53 - 1] } }),
  ),
  claims(
    "a value is not read as a template",
    { a: PLACEHOLDER },
    { a: PLACEHOLDER },
    granted({ claims: { a: PLACEHOLDER } }),
  ),
  claims(
    "more than an SVID should carry",
    { a: PLACEHOLDER },
    { a: "x".repeat(5000) },
    refused("identity_refused"),
  ),
  claims(
    "a registered name inside an object is the policy's own",
    { o: { sub: PLACEHOLDER } },
    { a: "x" },
    granted({ claims: { o: { sub: "x" } } }),
  ),
];

import { denied, granted, type Row, row } from "./row.ts";

const A = "jwt.claim.a";
const B = "jwt.claim.b";
const ODD = 'jwt.claim["oidc.circleci.com/project-id"]';
const NESTED = 'jwt.claim["kubernetes.io"].namespace';

/** What has no text to compare, or holds it: none of it passes a denial. */
const INCOMPARABLE = [null, {}, { c: "1" }, 1.5, 2 ** 53, [["1"]], [null], ["2", {}], ["production", 1.5]];
const DENYING = ["1", ["1", "2"], { glob: "p*" }, { not: "production" }, { not: { glob: "p*" } }];

/** Exact values, any-of, `not`, `exists`, arrays, odd and nested names, `deny`. */
export const conditionRows: readonly Row[] = [
  row("an exact value matches itself", { [A]: "main" }, { a: "main" }, granted()),
  row("an exact value matches nothing that starts with it", { [A]: "main" }, { a: "main2" }, denied(A)),
  row("an exact value matches nothing that ends with it", { [A]: "main" }, { a: "xmain" }, denied(A)),
  row("letter case counts", { [A]: "main" }, { a: "Main" }, denied(A)),
  row("spaces count", { [A]: "main" }, { a: "main " }, denied(A)),
  row("Unicode is not normalised", { [A]: "caf\u00e9" }, { a: "cafe\u0301" }, denied(A)),
  row("the same code points match", { [A]: "caf\u00e9" }, { a: "caf\u00e9" }, granted()),
  row("a missing claim fails an exact value", { [A]: "main" }, {}, denied(A)),
  row("null is a missing claim", { [A]: "null" }, { a: null }, denied(A)),
  row("an empty claim is not missing, but no value", { [A]: "main" }, { a: "" }, denied(A)),
  row("an exact value may look like a pattern", { [A]: "a*" }, { a: "a*" }, granted()),
  row("an exact value that looks like a pattern is none", { [A]: "a*" }, { a: "ab" }, denied(A)),
  row("a value may be the name of an inherited member", { [A]: "x" }, { a: "toString" }, denied(A)),
  row(
    "an inherited member is no claim",
    { "jwt.claim.toString": { exists: true } },
    { a: "x" },
    denied("jwt.claim.toString"),
  ),
  row(
    "the prototype is no claim",
    { "jwt.claim.__proto__": { exists: true } },
    { a: "x" },
    denied("jwt.claim.__proto__"),
  ),

  row("a boolean in the policy matches a boolean", { [A]: true }, { a: true }, granted()),
  row("a boolean in the policy matches its word", { [A]: true }, { a: "true" }, granted()),
  row("a word in the policy matches a boolean", { [A]: "true" }, { a: true }, granted()),
  row("false is not true", { [A]: true }, { a: false }, denied(A)),
  row("true is not 1", { [A]: true }, { a: 1 }, denied(A)),
  row("an integer in the policy matches an integer", { [A]: 42 }, { a: 42 }, granted()),
  row("an integer in the policy matches its digits", { [A]: 42 }, { a: "42" }, granted()),
  row("digits in the policy match an integer", { [A]: "42" }, { a: 42 }, granted()),
  row("leading zeros count", { [A]: "42" }, { a: "042" }, denied(A)),
  row("a negative integer has one form", { [A]: "-7" }, { a: -7 }, granted()),
  row("zero has no sign", { [A]: "0" }, { a: -0 }, granted()),
  row("a fraction matches nothing", { [A]: "1.5" }, { a: 1.5 }, denied(A)),
  row("the largest safe integer matches", { [A]: "9007199254740991" }, { a: 9007199254740991 }, granted()),
  row(
    "beyond it, two numbers are one: nothing matches",
    { [A]: "9007199254740992" },
    { a: 9007199254740992 },
    denied(A),
  ),
  row(
    "as a string, any number of digits matches",
    { [A]: "9007199254740993" },
    { a: "9007199254740993" },
    granted(),
  ),
  row("an object matches nothing", { [A]: "[object Object]" }, { a: { b: "c" } }, denied(A)),

  row("the first of several values matches", { [A]: ["x", "y"] }, { a: "x" }, granted()),
  row("the last of several values matches", { [A]: ["x", "y"] }, { a: "y" }, granted()),
  row("none of several values matches", { [A]: ["x", "y"] }, { a: "z" }, denied(A)),
  row("several values are not joined", { [A]: ["x", "y"] }, { a: "x,y" }, denied(A)),
  row("values of several kinds match by their strings", { [A]: [1, true, "x"] }, { a: "true" }, granted()),
  row("a pattern among values matches", { [A]: ["x", { glob: "y*" }] }, { a: "yes" }, granted()),
  row("a value among patterns matches", { [A]: ["x", { glob: "y*" }] }, { a: "x" }, granted()),
  row("neither value nor pattern matches", { [A]: ["x", { glob: "y*" }] }, { a: "z" }, denied(A)),

  row("all conditions must hold", { [A]: "1", [B]: "2" }, { a: "1", b: "2" }, granted()),
  row("one that fails is enough", { [A]: "1", [B]: "2" }, { a: "1", b: "3" }, denied(B)),
  row("every failed condition is told", { [A]: "1", [B]: "2" }, { a: "0", b: "0" }, denied(A, B)),

  row("not: another value matches", { [A]: { not: "x" } }, { a: "y" }, granted()),
  row("not: the value itself fails", { [A]: { not: "x" } }, { a: "x" }, denied(A)),
  row("not: a missing claim fails", { [A]: { not: "x" } }, {}, denied(A)),
  row("not: null fails, as it is missing", { [A]: { not: "x" } }, { a: null }, denied(A)),
  row("not: an empty claim is another value", { [A]: { not: "x" } }, { a: "" }, granted()),
  row("not a list: none of them matches", { [A]: { not: ["x", "y"] } }, { a: "z" }, granted()),
  row("not a list: one of them fails", { [A]: { not: ["x", "y"] } }, { a: "y" }, denied(A)),
  row("not a pattern: no match", { [A]: { not: { glob: "x*" } } }, { a: "yx" }, granted()),
  row("not a pattern: a match fails", { [A]: { not: { glob: "x*" } } }, { a: "xy" }, denied(A)),
  row("not: what can't be compared fails", { [A]: { not: "x" } }, { a: { b: "x" } }, denied(A)),
  row("not: a fraction fails", { [A]: { not: "1" } }, { a: 1.5 }, denied(A)),
  row("not: a number too large fails", { [A]: { not: "1" } }, { a: 9007199254740992 }, denied(A)),

  row("exists: a value", { [A]: { exists: true } }, { a: "x" }, granted()),
  row("exists: an empty value", { [A]: { exists: true } }, { a: "" }, granted()),
  row("exists: false is a value", { [A]: { exists: true } }, { a: false }, granted()),
  row("exists: an object", { [A]: { exists: true } }, { a: {} }, granted()),
  row("exists: a missing claim fails", { [A]: { exists: true } }, {}, denied(A)),
  row("exists: null fails", { [A]: { exists: true } }, { a: null }, denied(A)),
  row("absent: a missing claim", { [A]: { exists: false } }, {}, granted()),
  row("absent: null", { [A]: { exists: false } }, { a: null }, granted()),
  row("absent: a value fails", { [A]: { exists: false } }, { a: "x" }, denied(A)),
  row("absent: an empty value fails", { [A]: { exists: false } }, { a: "" }, denied(A)),

  row("an array matches by its first element", { [A]: "x" }, { a: ["x", "y"] }, granted()),
  row("an array matches by its last element", { [A]: "y" }, { a: ["x", "y"] }, granted()),
  row("an array matches by a pattern", { [A]: { glob: "te*" } }, { a: ["dev", "team"] }, granted()),
  row("an array without the value fails", { [A]: "z" }, { a: ["x", "y"] }, denied(A)),
  row("an array does not match by its parts joined", { [A]: "x,y" }, { a: ["x", "y"] }, denied(A)),
  row("an empty array fails a value", { [A]: "x" }, { a: [] }, denied(A)),
  row("an empty array exists", { [A]: { exists: true } }, { a: [] }, granted()),
  row("not: an array without the value", { [A]: { not: "z" } }, { a: ["x", "y"] }, granted()),
  row("not: an array with the value fails", { [A]: { not: "y" } }, { a: ["x", "y"] }, denied(A)),
  row("not: an empty array has none of them", { [A]: { not: "y" } }, { a: [] }, granted()),
  row(
    "not: an array with what can't be compared fails",
    { [A]: { not: "y" } },
    { a: ["x", { b: "y" }] },
    denied(A),
  ),
  row("arrays within arrays are no elements", { [A]: "x" }, { a: [["x"]] }, denied(A)),
  row("elements compare by their strings", { [A]: "7" }, { a: ["x", 7] }, granted()),

  row(
    "a claim with slashes and dots in its name",
    { [ODD]: "1f" },
    { "oidc.circleci.com/project-id": "1f" },
    granted(),
  ),
  row(
    "another value of such a claim fails",
    { [ODD]: "1f" },
    { "oidc.circleci.com/project-id": "2f" },
    denied(ODD),
  ),
  row("dots in a plain name go inside", { "jwt.claim.a.b": "x" }, { a: { b: "x" } }, granted()),
  row(
    "dots in a plain name are no part of it",
    { "jwt.claim.a.b": "x" },
    { "a.b": "x" },
    denied("jwt.claim.a.b"),
  ),
  row("a bracketed name is one name", { 'jwt.claim["a.b"]': "x" }, { "a.b": "x" }, granted()),
  row(
    "brackets do not go inside",
    { 'jwt.claim["a.b"]': "x" },
    { a: { b: "x" } },
    denied('jwt.claim["a.b"]'),
  ),
  row("brackets around a plain name change nothing", { 'jwt.claim["a"]': "x" }, { a: "y" }, denied(A)),
  row("a claim inside a claim", { [NESTED]: "prod" }, { "kubernetes.io": { namespace: "prod" } }, granted()),
  row("a claim inside text is missing", { [NESTED]: "prod" }, { "kubernetes.io": "prod" }, denied(NESTED)),
  row("a claim inside an array is missing", { "jwt.claim.a.0": "x" }, { a: ["x"] }, denied("jwt.claim.a.0")),
  row(
    "an inherited member inside a claim is missing",
    { "jwt.claim.a.constructor": { exists: true } },
    { a: {} },
    denied("jwt.claim.a.constructor"),
  ),

  row("deny: a value that is denied", { [A]: "x" }, { a: "x", b: "1" }, denied(B), { deny: [{ [B]: "1" }] }),
  row("deny: another value", { [A]: "x" }, { a: "x", b: "2" }, granted(), { deny: [{ [B]: "1" }] }),
  row("deny: a missing claim is not denied", { [A]: "x" }, { a: "x" }, granted(), { deny: [{ [B]: "1" }] }),
  row("deny: all of an entry must hold", { [A]: "x" }, { a: "x", b: "1" }, granted(), {
    deny: [{ [B]: "1", "jwt.claim.c": "2" }],
  }),
  row("deny: an entry that holds", { [A]: "x" }, { a: "x", b: "1", c: "2" }, denied(B, "jwt.claim.c"), {
    deny: [{ [B]: "1", "jwt.claim.c": "2" }],
  }),
  row("deny: any entry is enough", { [A]: "x" }, { a: "x", c: "2" }, denied("jwt.claim.c"), {
    deny: [{ [B]: "1" }, { "jwt.claim.c": "2" }],
  }),
  row("deny: a pattern", { [A]: "x" }, { a: "x", b: "bot-7" }, denied(B), {
    deny: [{ [B]: { glob: "bot-*" } }],
  }),
  row("deny: not", { [A]: "x" }, { a: "x", b: "2" }, denied(B), { deny: [{ [B]: { not: "1" } }] }),
  row("deny: absent", { [A]: "x" }, { a: "x" }, denied(B), { deny: [{ [B]: { exists: false } }] }),
  row("deny: one element of an array", { [A]: "x" }, { a: "x", b: ["1", "2"] }, denied(B), {
    deny: [{ [B]: "2" }],
  }),
  row("deny: not hits on a missing claim", { [A]: "x" }, { a: "x" }, denied(B), {
    deny: [{ [B]: { not: "production" } }],
  }),
  row("deny: not does not hit on what it names", { [A]: "x" }, { a: "x", b: "production" }, granted(), {
    deny: [{ [B]: { not: "production" } }],
  }),
  row("deny: not hits on an empty list", { [A]: "x" }, { a: "x", b: [] }, denied(B), {
    deny: [{ [B]: { not: "1" } }],
  }),
  row(
    "deny: not does not hit on a list with what it names",
    { [A]: "x" },
    { a: "x", b: ["1", "2"] },
    granted(),
    {
      deny: [{ [B]: { not: "1" } }],
    },
  ),
  row("deny: an empty list holds nothing that is named", { [A]: "x" }, { a: "x", b: [] }, granted(), {
    deny: [{ [B]: "1" }],
  }),
  ...INCOMPARABLE.flatMap((value) =>
    DENYING.map((matcher) =>
      row(
        `deny: ${JSON.stringify(matcher)} hits on what can't be compared`,
        { [A]: "x" },
        { a: "x", b: value },
        denied(B),
        { deny: [{ [B]: matcher }] },
      ),
    ),
  ),
  row("deny: a value that can't be compared is there", { [A]: "x" }, { a: "x", b: {} }, denied(B), {
    deny: [{ [B]: { exists: true } }],
  }),
  row("deny: null is not there", { [A]: "x" }, { a: "x", b: null }, granted(), {
    deny: [{ [B]: { exists: true } }],
  }),
  row("deny: inside text nothing can be read", { [A]: "x" }, { a: "x", b: "1" }, denied(`${B}.c`), {
    deny: [{ [`${B}.c`]: "1" }],
  }),
  row("deny: inside an object a member may be missing", { [A]: "x" }, { a: "x", b: {} }, granted(), {
    deny: [{ [`${B}.c`]: "1" }],
  }),
  row("deny: all of an entry must hit, in doubt as well", { [A]: "x" }, { a: "x", b: {} }, granted(), {
    deny: [{ [B]: "1", "jwt.claim.c": "2" }],
  }),
  row("deny beats a match on the same claim", { [A]: { glob: "**" } }, { a: "x" }, denied(A), {
    deny: [{ [A]: "x" }],
  }),
];

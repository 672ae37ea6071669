import { denied, granted, policy, type Refused, type Row, refused } from "./row.ts";

const A = "jwt.claim.a";
const B = "jwt.claim.b";
const named = (name: string, match: Record<string, string>, more = {}) =>
  policy(match, { name, spiffeId: `spiffe://{{ trustDomain }}/${name}`, ...more });
const TWO = [named("one", { [A]: "1" }), named("two", { [A]: "2" })];
const BOTH = [named("one", { [A]: "1" }), named("both", { [B]: "1" })];
const OTHER = named("other", { [A]: "1" }, { issuer: "lab" });
const FIVE = [1, 2, 3, 4, 5].map((n) =>
  named(`p${n}`, { [A]: "x", [B]: String(n), "jwt.claim.c": n > 2 ? "c" : "d" }),
);

const select = (
  it: string,
  policies: readonly unknown[],
  claims: Row["claims"],
  expected: Row["expected"],
  ask?: Row["ask"],
): Row => ({
  it,
  issuer: "ci",
  policies,
  claims,
  expected,
  ...(ask === undefined ? {} : { ask }),
});
const saying = (expected: Refused, detail: string): Refused => ({ ...expected, detail });

/** Which policy it is: the named one, or the only one that matches. */
export const selectionRows: readonly Row[] = [
  select("the only policy that matches, the first", TWO, { a: "1" }, granted({ policy: "one", id: "one" })),
  select("the only policy that matches, the second", TWO, { a: "2" }, granted({ policy: "two", id: "two" })),
  select("the named policy", TWO, { a: "2" }, granted({ policy: "two" }), { policy: "two" }),
  select("a named policy that does not match, though another would", TWO, { a: "2" }, denied(`one ${A}`), {
    policy: "one",
  }),
  select("an unknown policy", TWO, { a: "1" }, refused("policy_unknown"), { policy: "three" }),
  select("the name of an inherited member", TWO, { a: "1" }, refused("policy_unknown"), {
    policy: "constructor",
  }),
  select("a policy of another issuer", [...TWO, OTHER], { a: "1" }, refused("policy_unknown"), {
    policy: "other",
  }),
  select(
    "a policy of another issuer does not count",
    [OTHER, ...TWO],
    { a: "1" },
    granted({ policy: "one" }),
  ),
  select(
    "no policy for the issuer",
    [OTHER],
    { a: "1" },
    saying(denied(), "The trust document has no policy for this issuer."),
  ),
  select(
    "two that match are named",
    BOTH,
    { a: "1", b: "1" },
    saying(refused("ambiguous_policy"), "2 policies match: one, both."),
  ),
  select("of two that match, the named one", BOTH, { a: "1", b: "1" }, granted({ policy: "both" }), {
    policy: "both",
  }),
  select("nothing matches: every near miss is told", TWO, { a: "3" }, denied(`one ${A}`, `two ${A}`)),
  select(
    "the three nearest misses, the nearest first",
    FIVE,
    { a: "x", b: "9", c: "c" },
    denied(`p3 ${B}`, `p4 ${B}`, `p5 ${B}`),
  ),
  select(
    "of equal misses, the first of the document",
    FIVE,
    { a: "y", b: "9", c: "e" },
    denied(...["p1", "p2", "p3"].flatMap((p) => [`${p} ${A}`, `${p} ${B}`, `${p} jwt.claim.c`])),
  ),
  select(
    "one policy missed is named",
    [named("one", { [A]: "1" })],
    {},
    saying(denied(`one ${A}`), "The token does not meet the policy one."),
  ),
  select("a value twice in an array is one policy", TWO, { a: ["1", "1"] }, granted({ policy: "one" })),
  select(
    "an array that matches two policies is ambiguous",
    TWO,
    { a: ["1", "2"] },
    refused("ambiguous_policy"),
  ),
];

import type { RateLimit } from "@cloudflare/workers-types";
import { describe, expect, test } from "vitest";
import type { VerifiedClaims } from "../../../shared/claims.ts";
import { createRateLimits, network } from "../../../worker/exchange/rate-limit.ts";
import { allowedIssuer, goodClaims } from "../../shared/subject-token/craft.ts";

/** A binding that lets `limit` calls of each key pass, and remembers the keys. */
function counting(limit: number) {
  const keys: string[] = [];
  const binding: RateLimit = {
    limit: async ({ key }) => {
      keys.push(key);
      return { success: keys.filter((each) => each === key).length <= limit };
    },
  };
  return { keys, binding };
}

const from = (address: string) => new Headers({ "cf-connecting-ip": address });

test("refusals are counted by address, and the one too many says when to come back", async () => {
  const { binding } = counting(2);
  const limits = createRateLimits({ REFUSAL_LIMIT: binding });
  for (let i = 0; i < 2; i++) expect(await limits.refusedFrom(from("203.0.113.9"), 0)).toBeUndefined();
  expect(await limits.refusedFrom(from("203.0.113.9"), 0)).toMatchObject({
    code: "rate_limited",
    retryAfter: 30,
  });
  expect(await limits.refusedFrom(from("203.0.113.10"), 0)).toBeUndefined();
});

describe("an address with too many refusals", () => {
  /** Limits whose binding has counted one refusal too many of 203.0.113.9 at second 100. */
  async function flooded() {
    const limits = createRateLimits({ REFUSAL_LIMIT: counting(0).binding });
    await limits.refusedFrom(from("203.0.113.9"), 100);
    /** How many of a hundred requests are turned away, and with what. */
    const turnedAway = (now: number, address = "203.0.113.9") =>
      Array.from({ length: 100 }, () => limits.turnAway(from(address), now)).filter(
        (each) => each !== undefined,
      );
    return { limits, turnedAway };
  }

  test("is turned away before any work, but for ten requests a second, and is told when to come back", async () => {
    const { turnedAway } = await flooded();
    expect(turnedAway(100)).toHaveLength(90);
    expect(turnedAway(101)).toHaveLength(90);
    expect(turnedAway(129)[0]).toMatchObject({ code: "rate_limited", retryAfter: 30 });
  });

  test("stays so while it goes on, and is forgotten half a minute later", async () => {
    const { limits, turnedAway } = await flooded();
    await limits.refusedFrom(from("203.0.113.9"), 120);
    expect(turnedAway(149)).toHaveLength(90);
    expect(turnedAway(150)).toHaveLength(0);
    expect(turnedAway(140)).toHaveLength(0);
  });

  test("is not turned away for longer by a clock that was set back", async () => {
    expect((await flooded()).turnedAway(39)).toHaveLength(0);
  });

  test("does not share this with other addresses, nor with requests that have none", async () => {
    const { limits, turnedAway } = await flooded();
    expect(turnedAway(100, "203.0.113.10")).toHaveLength(0);
    expect(limits.turnAway(new Headers(), 100)).toBeUndefined();
  });

  test("is one of a thousand that an isolate remembers; the longest quiet one is forgotten first", async () => {
    const { limits, turnedAway } = await flooded();
    const other = (n: number) => `198.18.${n >> 8}.${n & 255}`;
    for (let n = 0; n < 998; n++) await limits.refusedFrom(from(other(n)), 101);
    await limits.refusedFrom(from("203.0.113.9"), 101);
    for (let n = 998; n < 1_000; n++) await limits.refusedFrom(from(other(n)), 101);
    expect(turnedAway(101)).toHaveLength(90);
    expect([turnedAway(101, other(0)).length, turnedAway(101, other(999)).length]).toEqual([0, 90]);
  });
});

test("dry runs of a project are counted apart from its exchanges", async () => {
  const { binding } = counting(1);
  const limits = createRateLimits({ EXCHANGE_LIMIT: binding });
  const claims = goodClaims({ repository_id: "7" }) as VerifiedClaims;
  const github = allowedIssuer({ type: "github" });
  expect(await limits.dryRunOf(github, claims)).toBeUndefined();
  expect(await limits.dryRunOf(github, claims)).toMatchObject({ code: "rate_limited", retryAfter: 30 });
  expect(await limits.exchangeOf(github, claims)).toBeUndefined();
});

test("exchanges are counted by issuer and project, whatever else the token says", async () => {
  const { keys, binding } = counting(1);
  const limits = createRateLimits({ EXCHANGE_LIMIT: binding });
  const claims = goodClaims({ repository_id: "7", project_id: "8", jti: "x" }) as VerifiedClaims;
  const github = allowedIssuer({ type: "github" });
  expect(await limits.exchangeOf(github, claims)).toBeUndefined();
  expect(await limits.exchangeOf(github, { ...claims, jti: "y", sub: "z" })).toMatchObject({
    code: "rate_limited",
  });
  await limits.exchangeOf(allowedIssuer({ type: "gitlab" }), claims);
  await limits.exchangeOf(allowedIssuer({ type: "jwt" }), claims);
  await limits.exchangeOf(allowedIssuer({ type: "github", issuer: "https://other.example" }), claims);
  expect(new Set(keys).size).toBe(4);
});

test("nothing is limited without a binding, without an address, or by a binding that fails", async () => {
  const failing: RateLimit = { limit: () => Promise.reject(new Error("down")) };
  const claims = goodClaims() as VerifiedClaims;
  for (const limits of [
    createRateLimits({}),
    createRateLimits({ REFUSAL_LIMIT: failing, EXCHANGE_LIMIT: failing }),
  ]) {
    expect(await limits.refusedFrom(from("203.0.113.9"), 0)).toBeUndefined();
    expect(await limits.exchangeOf(allowedIssuer(), claims)).toBeUndefined();
  }
  expect(
    await createRateLimits({ REFUSAL_LIMIT: counting(0).binding }).refusedFrom(new Headers(), 0),
  ).toBeUndefined();
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:1:2::1", "2001:db8:1:2"],
  ["2001:0db8:0001:0002::", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:db8::5:4:3:2:1", "2001:db8:0:5"],
  ["::1", "0:0:0:0"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["::FFFF:203.0.113.9", "203.0.113.9"],
  ["::ffff:cb00:7109", "203.0.113.9"],
  ["0:0:0:0:0:ffff:198.51.100.7", "198.51.100.7"],
  ["0000:0000:0000:0000:0000:ffff:c633:6407", "198.51.100.7"],
  ["::ffff:198.51.100.8", "198.51.100.8"],
  ["2001:db8::ffff:1:2", "2001:db8:0:0"],
  ["ffff::1:2", "ffff:0:0:0"],
])("the network of %s is %s", (address, expected) => expect(network(address)).toBe(expected));

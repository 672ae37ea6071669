import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../local/clock.ts";
import { OUR_ISSUER } from "../../local/trust-document.ts";
import { compact, publicJwk, rsaKey } from "../shared/subject-token/craft.ts";
import { type Arena, openArena } from "./arena.ts";
import { CI, ciToken, jobClaims, ODD, TWIN } from "./issuers.ts";

const RATES = { EXCHANGE_LIMIT: 8, REFUSAL_LIMIT: 10 };
const LIMITS = { FLOOD_ADMITTED: 2, MAX_ANONYMOUS_LINES: 20, ANONYMOUS_WINDOW_SECONDS: 2 };
const key = publicJwk(rsaKey, { kid: "k1" });

let arena: Arena;
beforeAll(async () => {
  arena = await openArena(
    { [CI]: [key], [TWIN]: [key], [ODD]: [key] },
    { main: "test/stage/lab-main.ts", rates: RATES, limits: LIMITS },
  );
});
afterAll(() => arena.close());

const outcome = async (sent: ReturnType<Arena["send"]>) => (await sent).code ?? (await sent).status;
const of = (issuer: string) => compact({ alg: "RS256", kid: "k1" }, jobClaims(issuer));
const times = <T>(count: number, once: () => Promise<T>) => Promise.all(Array.from({ length: count }, once));
const DRY = { dryRun: true };

describe("a token that is used up", () => {
  test("answers no dry run, and no more than that it is used up", async () => {
    const token = ciToken();
    expect(await outcome(arena.send(token, {}, DRY))).toBe(200);
    expect(await outcome(arena.send(token))).toBe(200);
    const after = await arena.send(token, {}, DRY);
    expect([after.code, Object.keys(after.body).sort()]).toEqual([
      "token_replayed",
      ["code", "error", "error_description", "request_id"],
    ]);
  });

  test("does not shut its project out of its rate, neither by replays nor by dry runs", async () => {
    const token = of(TWIN);
    expect(await outcome(arena.send(token))).toBe(200);
    const replays = await times(10, () => outcome(arena.send(token)));
    const dryRuns = await times(10, () => outcome(arena.send(token, {}, DRY)));
    expect(new Set([...replays, ...dryRuns])).toEqual(new Set(["token_replayed"]));
    expect(await outcome(arena.send(of(TWIN)))).toBe(200);
  });
});

test("dry runs have a rate of their own: one token can't shut out the exchanges of its project", async () => {
  const token = of(ODD);
  const dryRuns = await times(10, () => outcome(arena.send(token, {}, DRY)));
  expect(dryRuns.filter((each) => each === 200)).toHaveLength(RATES.EXCHANGE_LIMIT);
  expect(new Set(dryRuns)).toEqual(new Set([200, "rate_limited"]));
  expect(await outcome(arena.send(token))).toBe(200);
});

test("a token that the rate refuses is not used up, and the answer says when to come back", async () => {
  const github = () => arena.lab.github.token(OUR_ISSUER, now());
  await times(RATES.EXCHANGE_LIMIT, async () => arena.send(await github()));
  const token = await github();
  const refused = await arena.send(token);
  expect([refused.code, refused.headers.get("retry-after")]).toEqual(["rate_limited", "30"]);
  expect(refused.body).not.toHaveProperty("access_token");
  // It would be token_replayed if it were used up: the dry run asks the guard.
  expect(await outcome(arena.send(token, {}, DRY))).toBe(200);
});

describe("an address that floods", () => {
  const start = now() + 3_600;
  const from = (address: string, at = start) => ({ "cf-connecting-ip": address, "x-lab-now": String(at) });
  const linesOf = (event: string) =>
    arena.lab
      .logs()
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line["event"] === event);
  const good = (at: number) => ciToken({}, { iat: at, exp: at + 300 });

  test("is turned away before its token is looked at, but for a few requests a second", async () => {
    const header = from("203.0.113.7");
    await times(RATES.REFUSAL_LIMIT + 1, () => arena.send("x.y.z", header));
    arena.lab.clearLogs();
    const flood = await times(30, () => arena.send(ciToken().slice(0, -8).concat("AAAAAAAA"), header));
    expect(new Set(flood.map(({ code }) => code))).toEqual(new Set(["rate_limited"]));
    expect(flood[0]?.headers.get("retry-after")).toBe("30");
    const lines = linesOf("exchange");
    const looked = lines.filter((line) => "subject_sha256" in line);
    expect(looked.length).toBeLessThanOrEqual(LIMITS.FLOOD_ADMITTED);
    for (const line of looked)
      expect(line).toMatchObject({ code: "rate_limited", cause: "signature_invalid" });
  });

  test("still gets its SVID with a token that verifies, a second later", async () => {
    expect(await outcome(arena.send(good(start + 1), from("203.0.113.7", start + 1)))).toBe(200);
  });

  test("is forgotten half a minute later, and others never notice", async () => {
    expect(await outcome(arena.send("x.y.z", from("203.0.113.8")))).toBe("token_malformed");
    const header = from("203.0.113.7", start + 60);
    const later = await times(3, () => arena.send(good(start + 60), header));
    expect(later.map(({ code }) => code)).not.toContain("rate_limited");
  });

  test("fills no log: beyond a rate its refusals are counted, and none is lost", async () => {
    const at = start + 600;
    // What earlier windows counted is told by the first request after them.
    await arena.post("grant_type=password", from("203.0.113.9", at - 60));
    arena.lab.clearLogs();
    const count = 200;
    await times(count, () => arena.post("grant_type=password", from("203.0.113.9", at)));
    const counted = () => linesOf("exchanges_refused").reduce((sum, line) => sum + Number(line["count"]), 0);
    await expect.poll(counted, { timeout: 10_000 }).toBe(count - LIMITS.MAX_ANONYMOUS_LINES);
    expect(linesOf("exchange")).toHaveLength(LIMITS.MAX_ANONYMOUS_LINES);
    const codes = linesOf("exchanges_refused").map((line) => line["codes"] as Record<string, number>);
    expect(codes.flatMap((each) => Object.keys(each))).toContain("rate_limited");
  });
});

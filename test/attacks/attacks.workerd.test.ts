import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DenialCode, denialRow } from "../../shared/denial.ts";
import { compact } from "../shared/subject-token/craft.ts";
import { ALGORITHM_ATTACKS } from "./algorithms.ts";
import { type Arena, openArena, sha256 } from "./arena.ts";
import type { Attack } from "./attack.ts";
import { CLAIM_ATTACKS } from "./claims.ts";
import { HEADER_ATTACKS } from "./headers.ts";
import { ciToken, jobClaims, ODD } from "./issuers.ts";
import { KEY_ATTACKS, KEY_SETS } from "./keys.ts";
import { leaksOf } from "./leaks.ts";
import { NAME_ATTACKS } from "./names.ts";
import { REQUEST_ATTACKS } from "./requests.ts";
import { SHAPE_ATTACKS } from "./shapes.ts";

const SUITE: Readonly<Record<string, readonly Attack[]>> = {
  algorithms: ALGORITHM_ATTACKS,
  headers: HEADER_ATTACKS,
  shapes: SHAPE_ATTACKS,
  claims: CLAIM_ATTACKS,
  names: NAME_ATTACKS,
  keys: KEY_ATTACKS,
  requests: REQUEST_ATTACKS,
};

let arena: Arena;
beforeAll(async () => {
  arena = await openArena(KEY_SETS);
  // Every issuer's keys are in memory before the first attack, so that a fetch is an attack's own.
  await arena.legitimate();
  await arena.send(await arena.lab.gitlab.token("https://svid.example.org", Math.floor(Date.now() / 1000)));
  for (const issuer of Object.keys(KEY_SETS)) {
    await arena.send(
      compact({ alg: issuer.includes("curve") ? "ES256" : "RS256", kid: "k1" }, jobClaims(issuer)),
    );
  }
});
afterAll(() => arena.close());

test("the keys of every issuer are warm, and an honest token of the attacked one passes", async () => {
  expect((await arena.send(ciToken())).status).toBe(200);
  const fine = await arena.send(compact({ alg: "RS256", kid: "fine" }, jobClaims(ODD)));
  expect([fine.status, fine.outbound]).toEqual([200, 0]);
});

describe.each(Object.entries(SUITE))("%s", (_, attacks) => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))("%s", async (_name, attack) => {
    const sent = await attack.send(arena);
    const { status } = denialRow(attack.ends as DenialCode);
    expect([sent.code, sent.status], JSON.stringify(sent.body)).toEqual([attack.ends, status]);
    expect(sent.outbound).toBeLessThanOrEqual(attack.outbound ?? 0);
    expect(arena.canary.visits()).toEqual([]);
    expect(sent.headers.get("cache-control")).toBe("no-store");

    const after = await arena.legitimate();
    expect([after.status, after.code, after.outbound]).toEqual([200, undefined, 0]);
  });
});

test("no two rows of a table have one name", () => {
  for (const attacks of Object.values(SUITE)) {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  }
});

describe("the log after all of it", () => {
  test("has a line for each exchange, and no token, SVID or private key in any", async () => {
    const { found, searched } = arena.leaks();
    expect(searched).toBeGreaterThan(500);
    expect(found).toEqual([]);
    expect(arena.lab.logs().join("\n")).not.toMatch(/"d":|PRIVATE KEY|BwcHBwcHBwcHBwcHBwcH/);
  });

  test("would show a token if there were one, and shows its hash", async () => {
    const sent = await arena.legitimate();
    const [token = "", svid = ""] = arena.secrets.slice(-2);
    expect(sent.body["access_token"]).toBe(svid);
    const lines = arena.lab.logs();
    expect(lines.some((line) => line.includes(sha256(token)))).toBe(true);
    expect(leaksOf(arena.secrets, [...lines, `error at ${token.slice(300, 350)}…`])).not.toEqual([]);
    expect(leaksOf(arena.secrets, [...lines, `{"svid":"${svid}"}`])).not.toEqual([]);
  });
});

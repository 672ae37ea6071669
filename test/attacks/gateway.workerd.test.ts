import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { denialRow } from "../../shared/denial.ts";
import { foldedHeaderName } from "../../shared/trust/model/header.ts";
import { startApplications } from "../stage/applications.ts";
import { type SeenRequest, valuesOf } from "../stage/origin.ts";
import { SELF } from "../stage/workerd.ts";
import { CALLERS } from "./gateway/callers.ts";
import { ASSERTED_HEADERS, RESERVED_HEADERS } from "./gateway/headers.ts";
import {
  ASSERTION_HEADER,
  type GatewayAttack,
  HOST,
  LOOP_HOST,
  OTHER_HOST,
  REWRITTEN_HEADER,
  type Siege,
  SPOOF,
} from "./gateway/siege.ts";
import { SMUGGLED } from "./gateway/smuggling.ts";
import { TARGETS } from "./gateway/targets.ts";
import { VALUES } from "./gateway/values.ts";
import { leaksOf } from "./leaks.ts";

const GATEWAY_ATTACKS: Readonly<Record<string, readonly GatewayAttack[]>> = {
  "reserved headers in every spelling": RESERVED_HEADERS,
  "headers that gateways assert, or that are for one connection": ASSERTED_HEADERS,
  smuggling: SMUGGLED,
  "hosts and targets": TARGETS,
  callers: CALLERS,
  "rendered values": VALUES,
};

const ANYBODY = { match: { "svid.id": { exists: true } } };

let siege: Siege;
beforeAll(async () => {
  const world = await startApplications({
    // Every attack comes from one address.
    rates: { REFUSAL_LIMIT: 100_000, EXCHANGE_LIMIT: 100_000 },
    services: { ITSELF: SELF },
    applications: (origin) => [
      {
        name: "app",
        host: HOST,
        origin,
        rules: [{ ...ANYBODY, roles: ["Editor"], traits: { team: ["{{ svid.claim.team }}"] } }],
        rewrite: {
          headers: [`${REWRITTEN_HEADER}: {{ external.team }}`, "Authorization: Bearer {{ internal.jwt }}"],
        },
      },
      { name: "other", host: OTHER_HOST, origin, rules: [ANYBODY], assertion: { audience: "other-origin" } },
      {
        name: "loop",
        host: LOOP_HOST,
        origin: { service: "ITSELF" },
        rules: [ANYBODY],
        assertion: { audience: "loop-origin" },
        rewrite: { headers: ["Authorization: Bearer {{ internal.jwt }}"] },
      },
    ],
  });
  siege = {
    world,
    svid: await world.svid(`https://${HOST}`),
    otherSvid: await world.svid(`https://${OTHER_HOST}`),
  };
});
afterAll(() => siege.world.close());

/** Headers of which the origin believes that the gateway wrote them, folded as CGI folds them. */
const BELIEVED = [
  ASSERTION_HEADER,
  REWRITTEN_HEADER,
  "Authorization",
  "X-Spiffe-Id",
  "X-Request-Id",
  "X-Forwarded-Host",
  "X-Forwarded-Proto",
].map(foldedHeaderName);

/** What holds for every request that reaches the origin, whatever the caller sent. */
function expectHonest(seen: SeenRequest): void {
  const byFolded = Map.groupBy(seen.headers, ([name]) => foldedHeaderName(name));
  const values = (name: string): readonly string[] => (byFolded.get(name) ?? []).map(([, value]) => value);
  for (const name of BELIEVED) expect(values(name).length, name).toBeLessThanOrEqual(1);
  const [assertion = ""] = values(foldedHeaderName(ASSERTION_HEADER));
  expect(decodeJwt(assertion)).toMatchObject({
    username: "spiffe://ci.example.org/ci/orders",
    roles: ["Editor"],
  });
  expect(values("authorization")).toEqual([`Bearer ${assertion}`]);
  expect(values(foldedHeaderName(REWRITTEN_HEADER))).toEqual(["payments"]);
  expect(values("x-forwarded-host")).toEqual([HOST]);
  expect(values("x-forwarded-proto")).toEqual(["http"]);
  expect(values("x-request-id")[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(values("x-spiffe-id")).toEqual([]);
  const everything = JSON.stringify(seen.headers);
  expect(everything).not.toMatch(new RegExp(`${SPOOF}|spoofed|evil\\.example|root@example`, "i"));
  expect(everything).not.toContain(siege.svid);
  for (const name of byFolded.keys()) expect(name).not.toMatch(NEVER_PASSES);
}

/** Names that only a caller of bad faith, or the connection, would have given the origin. */
const NEVER_PASSES =
  /^(cf-access-|cf_|teleport-|cloudflare-workers|proxy-|keep-alive|te$|upgrade|http2-|forwarded$|x-real-ip|true-client-ip|(x-)?remote-|x-webauth|x-auth-request|x-pomerium|x-goog-|x-amzn-|x-ms-|tailscale|ssl-|x-forwarded-(user|email|groups|preferred|access|client|uri|prefix|for))/;

describe.each(Object.entries(GATEWAY_ATTACKS))("%s", (_, attacks) => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))("%s", async (_name, attack) => {
    const { received, seen } = await attack.send(siege);
    if (attack.ends === "passes") {
      expect(received.status, received.text).toBe(200);
      if (seen === undefined) throw new Error("the request did not reach the origin");
      expectHonest(seen);
      expect(attack.check?.(seen, siege) ?? true).toBe(true);
    } else {
      expectRefused(attack.ends, received);
      expect(seen).toBeUndefined();
    }
    const honest = await siege.world.send(HOST, "/honest", { token: siege.svid });
    expect(honest.status, honest.text).toBe(200);
  });
});

function expectRefused(
  ends: Exclude<GatewayAttack["ends"], "passes">,
  { status, json, text }: { status: number; json: Readonly<Record<string, unknown>>; text: string },
): void {
  if (ends === "refused by the runtime") expect(status === 0 || status >= 400, text).toBe(true);
  else expect([json["code"], status], text).toEqual([ends, denialRow(ends).status]);
}

test("there are at least 80 rows, and no two of a table have one name", () => {
  const rows = Object.values(GATEWAY_ATTACKS);
  expect(rows.flat().length).toBeGreaterThanOrEqual(80);
  for (const attacks of rows) expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
});

describe("what an origin may do", () => {
  test("an answer with the assertion in a header does not show it to the caller", async () => {
    siege.world.origin.at("/reflects", ({ headers }, outgoing) => {
      const assertion = headers[ASSERTION_HEADER.toLowerCase()];
      outgoing.setHeader(ASSERTION_HEADER, String(assertion));
      outgoing.setHeader(ASSERTION_HEADER.replaceAll("-", "_"), String(assertion));
      outgoing.setHeader("authorization", String(headers.authorization));
      outgoing.end("ok");
    });
    const { status, headers } = await siege.world.send(HOST, "/reflects", { token: siege.svid });
    expect(status).toBe(200);
    expect(JSON.stringify(headers)).not.toMatch(/eyJ/);
  });

  test("a redirect to itself is one answer, not a loop", async () => {
    const { origin } = siege.world;
    origin.at(
      "/again",
      (_, outgoing) => void outgoing.writeHead(302, { location: `${origin.url}/again` }).end(),
    );
    const before = origin.seen.length;
    const { status, headers } = await siege.world.send(HOST, "/again", { token: siege.svid });
    expect([status, headers.location, origin.seen.length]).toEqual([302, `http://${HOST}/again`, before + 1]);
  });

  test("Alt-Svc does not lead callers past the gateway", async () => {
    siege.world.origin.at("/alt", (_, outgoing) => {
      outgoing.writeHead(200, { "alt-svc": 'h2="origin.corp.example:443"; ma=86400' }).end();
    });
    const { headers } = await siege.world.send(HOST, "/alt", { token: siege.svid });
    expect(headers["alt-svc"]).toBeUndefined();
  });
});

test("no token, SVID or assertion is in the log, and nothing was a defect", () => {
  const secrets = [
    siege.svid,
    siege.otherSvid,
    ...siege.world.origin.seen.flatMap((seen) => valuesOf(seen, ASSERTION_HEADER)),
  ];
  const lines = siege.world.logs();
  expect(secrets.length).toBeGreaterThan(50);
  expect(leaksOf(secrets, lines)).toEqual([]);
  expect(leaksOf(secrets, [...lines, `at ${siege.svid.slice(200, 260)}`])).not.toEqual([]);
  expect(lines.filter((line) => line.includes('"event":"failure"'))).toEqual([]);
});

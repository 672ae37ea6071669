import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Applications, ISSUER, type Received, startApplications } from "../../stage/applications.ts";
import { valuesOf } from "../../stage/origin.ts";
import { validateJwtSvid } from "../../stage/spiffe-validator.ts";

const HEADER = "svid-jwt-assertion";
const ORDERS = "spiffe://ci.example.org/ci/orders";
const ANYBODY = { match: { "svid.id": { exists: true } } };

/** The lines of the log that hold a text, once there are as many: workerd writes them behind its responses. */
function logged(text: string, least = 1): Promise<readonly string[]> {
  return vi.waitFor(() => {
    const lines = world.logs().filter((line) => line.includes(text));
    if (lines.length < least) throw new Error(`the log has ${lines.length} lines with ${text}`);
    return lines;
  });
}

let world: Applications;
beforeAll(async () => {
  world = await startApplications({
    main: "test/stage/lab-main.ts",
    applications: (origin) => [
      {
        name: "app",
        host: "app.example.org",
        origin,
        rules: [
          {
            match: { "svid.id": ORDERS },
            roles: ["Editor", "Auditor"],
            traits: { team: ["{{ svid.claim.team }}", "everybody"], tier: ["1"] },
          },
          {
            match: { "svid.id": { glob: "spiffe://ci.example.org/ci/pay*" }, "svid.claim.team": "payments" },
            traits: { team: ["{{ svid.claim.team }}"] },
            username: "job-of-{{ svid.claim.team }}",
          },
          { match: { "svid.claim.team": "role" }, roles: ["{{ svid.claim.level }}"] },
          { match: { "svid.claim.team": "trait" }, traits: { team: ["{{ svid.claim.level }}"] } },
          { match: { "svid.claim.team": "username" }, username: "{{ svid.claim.level }}" },
          { match: { "svid.claim.team": "header" } },
        ],
        assertion: { audience: "https://grafana.corp.example" },
        rewrite: {
          headers: [
            "Authorization: Bearer {{ internal.jwt }}",
            "X-Team: {{ external.team }}",
            "X-Caller: {{ svid.id }}",
          ],
        },
      },
      ...(["roles", "traits", "none"] as const).map((claims) => ({
        name: claims,
        host: `${claims}.example.org`,
        origin,
        rules: [{ ...ANYBODY, roles: ["Viewer"], traits: { team: ["{{ svid.claim.team }}"] } }],
        assertion: { claims, audience: `${claims}-origin`, header: "X-Jwt", algorithm: "RS256", ttl: "10m" },
      })),
      { name: "bare", host: "bare.example.org", origin, audience: "urn:bare", rules: [ANYBODY] },
      {
        name: "jobs",
        host: "jobs.example.org",
        origin,
        accept: ["id-token"],
        rules: [ANYBODY],
        assertion: { audience: "jobs-origin" },
      },
      {
        name: "both",
        host: "both.example.org",
        origin,
        accept: ["svid", "id-token"],
        rules: [ANYBODY],
        assertion: { audience: "both-origin" },
      },
    ],
  });
  await pass(0);
});
afterAll(() => world.close());

/** The Worker's clock, in Unix seconds. It starts now, so that libraries with a clock of their own agree. */
let clock = Math.floor(Date.now() / 1000);

async function pass(seconds: number): Promise<void> {
  clock += seconds;
  await world.send("svid.example.org", "/healthz", { headers: { "x-lab-now": String(clock) } });
}

const dates = () => ({ iat: clock, exp: clock + 600 });
const svidFor = (audience: string, claims: object = {}): Promise<string> =>
  world.svid(audience, { ...dates(), ...claims });
const idToken = (audience: string, claims: object = {}): Promise<string> =>
  world.ci.token(audience, { ...dates(), ...claims });

const call = (application: string, token: string): Promise<Received> =>
  world.send(`${application}.example.org`, "/", { token });
const asserted = (header = HEADER): string => valuesOf(world.origin.last(), header)[0] ?? "";

async function verified(assertion: string, audience: string) {
  const { text } = await world.send("svid.example.org", "/.well-known/jwks.json");
  const keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  return jwtVerify(assertion, keys, { issuer: ISSUER, audience, currentDate: new Date(clock * 1000) });
}

describe("the assertion", () => {
  test("says who calls, in what roles and with which traits, and holds by the published keys", async () => {
    const svid = await svidFor("https://app.example.org");
    expect((await call("app", svid)).status).toBe(200);
    const { payload, protectedHeader } = await verified(asserted(), "https://grafana.corp.example");
    expect(payload).toEqual({
      iss: ISSUER,
      sub: ORDERS,
      aud: "https://grafana.corp.example",
      iat: clock - 5,
      nbf: clock - 5,
      exp: clock + 60,
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      username: ORDERS,
      spiffe_id: ORDERS,
      roles: ["Editor", "Auditor"],
      traits: { team: ["payments", "everybody"], tier: ["1"] },
    });
    expect(protectedHeader).toEqual({ alg: "ES256", kid: expect.any(String), typ: "JWT" });
  });

  test("holds where the clock of the application is a little slow, without leeway", async () => {
    await call("app", await svidFor("https://app.example.org"));
    const slow = new Date((clock - 5) * 1000);
    const { text } = await world.send("svid.example.org", "/.well-known/jwks.json");
    const keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
    const options = { issuer: ISSUER, maxTokenAge: 60, currentDate: slow };
    expect((await jwtVerify(asserted(), keys, options)).payload.sub).toBe(ORDERS);
  });

  test("is a JWT-SVID itself where the username is the SPIFFE ID", async () => {
    await call("app", await svidFor("https://app.example.org"));
    const { text } = await world.send("svid.example.org", "/.well-known/spiffe-bundle.json");
    const valid = validateJwtSvid(asserted(), JSON.parse(text), "https://grafana.corp.example", clock);
    expect(valid.sub).toBe(ORDERS);
  });

  test("has the username of the rule as its sub", async () => {
    await call("app", await svidFor("https://app.example.org", { project: "payroll" }));
    expect(decodeJwt(asserted())).toMatchObject({
      sub: "job-of-payments",
      username: "job-of-payments",
      spiffe_id: "spiffe://ci.example.org/ci/payroll",
    });
  });

  test("has lists that may be empty, but are never null", async () => {
    await call("bare", await svidFor("urn:bare"));
    expect(decodeJwt(asserted())).toMatchObject({ roles: [], traits: {} });
  });

  test.each([
    ["roles", { roles: ["Viewer"] }],
    ["traits", { traits: { team: ["payments"] } }],
    ["none", {}],
  ])("has the claims that the application wants: %s", async (application, lists) => {
    await call(application, await svidFor(`https://${application}.example.org`));
    const { roles, traits, username } = decodeJwt(asserted("x-jwt"));
    expect({ roles, traits }).toEqual({ roles: undefined, traits: undefined, ...lists });
    expect(username).toBe(ORDERS);
  });

  test("is in the header and by the algorithm that the application names, and holds", async () => {
    await call("none", await svidFor("https://none.example.org"));
    expect(valuesOf(world.origin.last(), HEADER)).toEqual([]);
    expect(decodeProtectedHeader(asserted("x-jwt")).alg).toBe("RS256");
    const { payload } = await verified(asserted("x-jwt"), "none-origin");
    // The SVID of the caller ends before the ten minutes of the assertion do.
    expect(payload.exp).toBe(clock + 300);
  });

  test("is for the origin's address unless the application names an audience", async () => {
    await call("bare", await svidFor("urn:bare"));
    expect(decodeJwt(asserted()).aud).toBe(world.origin.url);
  });
});

describe("headers", () => {
  test("those of rewrite are put on, one for each value of a trait", async () => {
    await call("app", await svidFor("https://app.example.org"));
    const seen = world.origin.last();
    expect(valuesOf(seen, "authorization")).toEqual([`Bearer ${asserted()}`]);
    expect(valuesOf(seen, "x-team")).toEqual(["payments", "everybody"]);
    expect(valuesOf(seen, "x-caller")).toEqual([ORDERS]);
  });

  test("the application learns how it was called, and by which request", async () => {
    const headers = { "cf-connecting-ip": "198.51.100.7", "x-forwarded-for": "203.0.113.9" };
    const token = await svidFor("https://app.example.org");
    await world.send("app.example.org", "/", { token, headers });
    const seen = world.origin.last();
    expect(valuesOf(seen, "x-forwarded-for")).toEqual(["198.51.100.7"]);
    expect(valuesOf(seen, "x-forwarded-host")).toEqual(["app.example.org"]);
    expect(valuesOf(seen, "x-forwarded-proto")).toEqual(["http"]);
    const [id] = valuesOf(seen, "x-request-id");
    expect(await logged(`"request_id":"${id}"`)).toHaveLength(1);
  });

  test.each([
    ["a role", { team: "role" }, "svid.claim.level is missing"],
    ["a trait", { team: "trait" }, "svid.claim.level is missing"],
    ["a username", { team: "username" }, "svid.claim.level is missing"],
    ["a header", { team: "header" }, "external.team is missing"],
  ])(
    "where a value for %s is missing, the answer is 403, and nothing empty is sent",
    async (_, claims, says) => {
      const before = world.origin.seen.length;
      const received = await call(
        "app",
        await svidFor("https://app.example.org", { project: "x", ...claims }),
      );
      expect([received.status, received.json["code"]]).toEqual([403, "assertion_refused"]);
      expect(received.json["error_description"]).toContain(says);
      expect(world.origin.seen.length).toBe(before);
    },
  );
});

describe("rules", () => {
  test("where none matches, the caller is refused with 403", async () => {
    const received = await call("app", await svidFor("https://app.example.org", { project: "stranger" }));
    expect([received.status, received.json["code"], received.json["error"]]).toEqual([
      403,
      "application_denied",
      "insufficient_scope",
    ]);
    expect(received.headers["www-authenticate"]).toBe('Bearer error="insufficient_scope"');
    expect(received.headers.location).toBeUndefined();
  });
});

describe("callers", () => {
  test("without a token get 401 and a challenge, never a redirect", async () => {
    const received = await world.send("app.example.org", "/", { headers: { accept: "text/html" } });
    expect([received.status, received.headers["www-authenticate"], received.json["code"]]).toEqual([
      401,
      "Bearer",
      "caller_token_missing",
    ]);
    expect(Object.keys(received.json).sort()).toEqual(["code", "error", "error_description", "request_id"]);
  });

  test("with an SVID that has expired get 401, and are told so", async () => {
    const svid = await svidFor("https://app.example.org");
    await pass(300);
    const received = await call("app", svid);
    expect([received.status, received.json["code"]]).toEqual([401, "caller_token_refused"]);
    expect(received.json["error_description"]).toContain("has expired");
    expect(received.headers["www-authenticate"]).toBe('Bearer error="invalid_token"');
  });

  test("may be CI jobs with their own ID token, where the application accepts it, again and again", async () => {
    const token = await idToken("https://jobs.example.org");
    expect((await call("jobs", token)).status).toBe(200);
    expect(decodeJwt(asserted())).toMatchObject({ spiffe_id: ORDERS, aud: "jobs-origin" });
    expect((await call("jobs", token)).status).toBe(200);
    const [line = ""] = await logged('"token":"id-token"');
    expect(JSON.parse(line)).toMatchObject({ event: "access", application: "jobs", spiffe_id: ORDERS });
  });

  test.each<[string, () => Promise<string>, number, string]>([
    ["for the exchange", () => idToken(ISSUER), 401, "caller_token_refused"],
    [
      "that has expired",
      () => idToken("https://jobs.example.org", { exp: clock - 600, iat: clock - 900 }),
      401,
      "caller_token_refused",
    ],
    [
      "that no policy grants anything",
      () => idToken("https://jobs.example.org", { project: null }),
      403,
      "application_denied",
    ],
    [
      "of an issuer that is not allowed",
      () => idToken("https://jobs.example.org", { iss: "https://evil.example" }),
      401,
      "caller_token_refused",
    ],
    ["that is an SVID", () => svidFor("https://jobs.example.org"), 401, "caller_token_refused"],
  ])("with an ID token %s are refused", async (_, token, status, code) => {
    const received = await call("jobs", await token());
    expect([received.status, received.json["code"]], received.text).toEqual([status, code]);
  });

  test("may have either token where the application accepts both", async () => {
    for (const token of [
      await svidFor("https://both.example.org"),
      await idToken("https://both.example.org"),
    ]) {
      expect((await call("both", token)).status).toBe(200);
      expect(decodeJwt(asserted())).toMatchObject({ spiffe_id: ORDERS });
    }
    expect((await call("both", "x.y.z")).status).toBe(401);
  });
});

describe("the memory of a token", () => {
  test("one assertion serves a token at an application until half of its life", async () => {
    const svid = await svidFor("https://app.example.org");
    const jtis: unknown[] = [];
    for (const seconds of [0, 1, 28, 1, 1, 28, 1]) {
      await pass(seconds);
      expect((await call("app", svid)).status).toBe(200);
      jtis.push(decodeJwt(asserted()).jti);
    }
    const [first, , , second, , , third] = jtis;
    expect(jtis).toEqual([first, first, first, second, second, second, third]);
    expect(new Set(jtis).size).toBe(3);
  });

  test("another token and another application have their own", async () => {
    const [one, two] = [await svidFor("https://both.example.org"), await svidFor("https://both.example.org")];
    await call("both", one);
    const first = decodeJwt(asserted()).jti;
    await call("both", two);
    expect(decodeJwt(asserted()).jti).not.toBe(first);
    await call("both", one);
    expect(decodeJwt(asserted()).jti).toBe(first);
  });

  test("no assertion outlives its caller's token", async () => {
    const svid = await svidFor("https://app.example.org");
    const expires = clock + 300;
    await pass(290);
    await call("app", svid);
    expect(decodeJwt(asserted()).exp).toBe(expires);
  });

  test("a new trust document ends it: a rule that is gone lets nobody in", async () => {
    const svid = await svidFor("urn:bare");
    expect((await call("bare", svid)).status).toBe(200);
    const applications = world.document.applications.map((entry) =>
      entry["name"] === "bare"
        ? { ...entry, rules: [{ match: { "svid.id": "spiffe://ci.example.org/nobody" } }] }
        : entry,
    );
    await world.putTrust({ ...world.document, applications });
    await pass(61);
    const received = await call("bare", svid);
    await world.putTrust(world.document);
    await pass(61);
    expect((await call("bare", svid)).status).toBe(200);
    expect([received.status, received.json["code"]]).toEqual([403, "application_denied"]);
  });
});

describe("the trail", () => {
  test("a token that calls often has a line at once, and one a minute with the count", async () => {
    const svid = await svidFor("https://app.example.org");
    world.clearLogs();
    for (const seconds of [0, 1, 1, 1, 57]) {
      await pass(seconds);
      await call("app", svid);
    }
    const lines = (await logged('"event":"access"', 2)).map((line) => JSON.parse(line));
    expect(lines.map(({ requests, decision }) => [decision, requests])).toEqual([
      ["allowed", 1],
      ["allowed", 4],
    ]);
    expect(lines[0]).toMatchObject({
      application: "app",
      token: "svid",
      token_jti: decodeJwt(svid).jti,
      spiffe_id: ORDERS,
      username: ORDERS,
      rule: 0,
    });
    expect(lines[1].assertion_jti).toBe(decodeJwt(asserted()).jti);
  });

  test("a refusal has its line, with what was proved of the caller", async () => {
    world.clearLogs();
    const received = await call("app", await svidFor("https://app.example.org", { project: "stranger" }));
    const [line = ""] = await logged('"event":"access"');
    const { username, ...rest } = JSON.parse(line);
    expect(rest).toMatchObject({
      request_id: received.json["request_id"],
      decision: "denied",
      code: "application_denied",
      spiffe_id: "spiffe://ci.example.org/ci/stranger",
      requests: 1,
    });
    expect(username).toBeUndefined();
  });
});

test("without applications, or under another host, everything is as it was", async () => {
  const { applications: _, ...document } = world.document;
  expect((await world.send("unknown.example.org", "/.well-known/jwks.json")).status).toBe(200);
  await world.putTrust(document);
  await pass(61);
  const received = await world.send("app.example.org", "/");
  expect([received.status, received.json["code"]]).toEqual([404, "not_found"]);
  expect((await world.send("app.example.org", "/.well-known/jwks.json")).status).toBe(200);
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Applications, startApplications } from "../../stage/applications.ts";
import { valuesOf } from "../../stage/origin.ts";
import {
  acceptWebSocket,
  closeCodeOf,
  isBinary,
  openWebSocket,
  textOf,
  type WebSocketEnd,
} from "../../stage/web-socket.ts";

const RULES = [{ match: { "svid.id": { exists: true } } }];

/** An application that is a Worker: tells what it got, and answers WebSockets and bodies. */
const SERVICE = `export default {
  async fetch(request) {
    if (new URL(request.url).pathname === "/throws") throw new Error("a secret of the application");
    if (request.headers.get("upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      server.accept();
      server.addEventListener("message", ({ data }) => server.send("service: " + data));
      return new Response(null, { status: 101, webSocket: client });
    }
    if (request.method === "POST") return new Response(request.body);
    return Response.json({ url: request.url, headers: [...request.headers] });
  },
};`;

let world: Applications;
beforeAll(async () => {
  world = await startApplications({
    main: "test/stage/lab-main.ts",
    services: { SHOP: SERVICE, TUNNEL: SERVICE, CERT: SERVICE },
    applications: (origin) => [
      { name: "plain", host: "plain.example.org", origin, rules: RULES },
      {
        name: "limited",
        host: "limited.example.org",
        origin,
        rules: RULES,
        assertion: { audience: "l", ttl: "30s" },
        websocketLimit: "assertion",
      },
      {
        name: "service",
        host: "service.example.org",
        origin: { service: "SHOP" },
        rules: RULES,
        assertion: { audience: "s" },
      },
      {
        name: "vpc",
        host: "vpc.example.org",
        origin: { vpc: "TUNNEL", url: "http://grafana.internal:3000" },
        rules: RULES,
        assertion: { audience: "v" },
      },
      {
        name: "certificate",
        host: "certificate.example.org",
        origin: { certificate: "CERT", url: "https://mtls.corp.example" },
        rules: RULES,
      },
      {
        name: "missing",
        host: "missing.example.org",
        origin: { service: "NOT_THERE" },
        rules: RULES,
        assertion: { audience: "m" },
      },
      {
        name: "no-fetcher",
        host: "no-fetcher.example.org",
        origin: { service: "KV" },
        rules: RULES,
        assertion: { audience: "n" },
      },
    ],
  });
});
afterAll(() => world.close());

const tokenFor = (application: string): Promise<string> => world.svid(`https://${application}.example.org`);
async function call(application: string, path = "/a?b=1", method = "GET", body?: string) {
  const token = await tokenFor(application);
  return world.send(`${application}.example.org`, path, {
    token,
    method,
    ...(body === undefined ? {} : { body }),
  });
}

describe("an origin behind a binding", () => {
  test.each([
    ["service", "https://service.example.org/a?b=1"],
    ["vpc", "http://grafana.internal:3000/a?b=1"],
    ["certificate", "https://mtls.corp.example/a?b=1"],
  ])("%s is asked at its address, with the assertion", async (application, url) => {
    const { status, json } = await call(application);
    expect([status, json["url"]]).toEqual([200, url]);
    const headers = Object.fromEntries(json["headers"] as [string, string][]);
    expect(headers["svid-jwt-assertion"]).toMatch(/^eyJ/);
    expect(headers).not.toHaveProperty("authorization");
    expect(headers["x-forwarded-host"]).toBe(`${application}.example.org`);
  });

  test("a service gets no word about caches, of which there are none before it", async () => {
    const { json } = await call("service");
    expect(Object.fromEntries(json["headers"] as [string, string][])).not.toHaveProperty("cache-control");
  });

  test("a body goes to a service and back", async () => {
    expect((await call("service", "/", "POST", "hello")).text).toBe("hello");
  });

  test("a service that throws is 502, without its words", async () => {
    const { status, json, text } = await call("service", "/throws");
    expect([status, json["code"]]).toEqual([502, "origin_failed"]);
    expect(text).not.toContain("secret");
  });

  test.each(["missing", "no-fetcher"])(
    "a binding that is %s is 500 with a code, for callers alone",
    async (application) => {
      const { status, json } = await call(application);
      expect([status, json["code"]]).toEqual([500, "origin_not_bound"]);
      const stranger = await world.send(`${application}.example.org`, "/");
      expect(stranger.status).toBe(401);
    },
  );

  test("GET /healthz tells of it, and names no binding", async () => {
    const { status, json, text } = await world.send("svid.example.org", "/healthz");
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: "degraded", applications: { count: 7, without_origin: 2 } });
    expect(text).not.toMatch(/NOT_THERE|missing/);
  });
});

describe("WebSockets", () => {
  const open = async (application: string, lines: readonly string[] = [], token?: string) =>
    openWebSocket(world.direct, "/socket?room=1", [
      `Host: ${application}.example.org`,
      `Authorization: Bearer ${token ?? (await tokenFor(application))}`,
      ...lines,
    ]);
  /** Accepts at the origin, and gives its end once somebody has come. */
  function origins(extra = ""): Promise<WebSocketEnd> {
    const { promise, resolve } = Promise.withResolvers<WebSocketEnd>();
    world.origin.upgradeWith((incoming, socket) => resolve(acceptWebSocket(incoming, socket, extra)));
    return promise;
  }

  test.each(["plain", "limited"])(
    "of an application that is %s go both ways, text and bytes",
    async (application) => {
      const accepted = origins("Sec-WebSocket-Protocol: chat\r\n");
      const { head, end } = await open(application, ["Sec-WebSocket-Protocol: chat, other"]);
      const origin = await accepted;
      expect(head).toMatch(/^HTTP\/1.1 101 /);
      expect(head).toMatch(/^sec-websocket-protocol: chat$/im);
      const seen = world.origin.last();
      expect([seen.url, valuesOf(seen, "upgrade"), valuesOf(seen, "authorization")]).toEqual([
        "/socket?room=1",
        ["websocket"],
        [],
      ]);
      expect(valuesOf(seen, "svid-jwt-assertion")).toHaveLength(1);

      end.text("to the origin");
      expect(textOf(await origin.next())).toBe("to the origin");
      origin.text("to the caller");
      expect(textOf(await end.next())).toBe("to the caller");
      origin.binary(Buffer.of(0, 255, 128));
      const bytes = await end.next();
      expect(bytes && [isBinary(bytes), [...bytes.payload]]).toEqual([true, [0, 255, 128]]);

      origin.close(4001, "enough");
      expect(closeCodeOf(await end.next())).toBe(4001);
      end.destroy();
    },
  );

  test.each(["plain", "limited"])(
    "of an application that is %s end at the origin where the caller ends them",
    async (application) => {
      const accepted = origins();
      const { end } = await open(application);
      const origin = await accepted;
      end.close(1000, "bye");
      expect(closeCodeOf(await origin.next())).toBe(1000);
      origin.close(1000, "bye");
      origin.destroy();
      end.destroy();
    },
  );

  test.each(["plain", "limited"])(
    "of an application that is %s end at the origin where the caller is gone",
    async (application) => {
      const accepted = origins();
      const { end } = await open(application);
      const origin = await accepted;
      end.destroy();
      const last = await origin.next();
      expect(last === undefined || closeCodeOf(last) !== undefined).toBe(true);
      origin.destroy();
    },
  );

  test("reach a service", async () => {
    const { head, end } = await open("service");
    expect(head).toMatch(/^HTTP\/1.1 101 /);
    end.text("hello");
    expect(textOf(await end.next())).toBe("service: hello");
    end.destroy();
  });

  test("that the origin refuses are refused with its answer", async () => {
    world.origin.upgradeWith((_, socket) => {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Why: no\r\n\r\nno");
    });
    const { head, end } = await open("plain");
    expect(head).toMatch(/^HTTP\/1.1 403 /);
    expect(head).toMatch(/^x-why: no$/im);
    end.destroy();
  });

  test("are judged at the upgrade: a stranger gets 401", async () => {
    const before = world.origin.seen.length;
    const { head, end } = await openWebSocket(world.direct, "/socket", ["Host: plain.example.org"]);
    expect(head).toMatch(/^HTTP\/1.1 401 /);
    expect(world.origin.seen.length).toBe(before);
    end.destroy();
  });

  test("end when the assertion expires, where the application limits them so, and go on elsewhere", async () => {
    const tokens = { limited: await tokenFor("limited"), plain: await tokenFor("plain") };
    // Two seconds before the SVIDs expire, and so the assertions.
    const almost = Math.floor(Date.now() / 1000) + 297;
    await world.send("svid.example.org", "/healthz", { headers: { "x-lab-now": String(almost) } });
    const [firstAccepted, first] = [origins(), await open("limited", [], tokens.limited)];
    const limited = await firstAccepted;
    const [secondAccepted, second] = [origins(), await open("plain", [], tokens.plain)];
    const plain = await secondAccepted;
    const ending = await first.end.next();
    expect(closeCodeOf(ending)).toBe(1008);
    expect(ending?.payload.subarray(2).toString()).toBe("The assertion has expired.");
    expect(closeCodeOf(await limited.next())).toBe(1008);
    plain.text("still there");
    expect(textOf(await second.end.next())).toBe("still there");
    for (const end of [first.end, second.end, limited, plain]) end.destroy();
  });
});

test("nothing of it was a defect", () => {
  expect(world.logs().filter((line) => line.includes('"event":"failure"'))).toEqual([]);
});

import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Applications, startApplications } from "../../stage/applications.ts";
import { eventually } from "../../stage/eventually.ts";
import { valuesOf } from "../../stage/origin.ts";

const HOST = "app.example.org";
const MIB = 1024 * 1024;

let world: Applications;
let svid: string;
beforeAll(async () => {
  world = await startApplications({
    limits: { ORIGIN_TIMEOUT_SECONDS: 1, ORIGIN_UPLOAD_BYTES_PER_SECOND: 1_000_000 },
    applications: (origin) => [
      { name: "app", host: HOST, origin, rules: [{ match: { "svid.id": { exists: true } } }] },
      {
        name: "dead",
        host: "dead.example.org",
        origin: "http://127.0.0.1:1",
        rules: [{ match: { "svid.id": { exists: true } } }],
      },
    ],
  });
  svid = await world.svid(`https://${HOST}`);
});
afterAll(() => world.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  world.send(HOST, path, { token: svid, headers });

/** Starts a request whose body is written, and whose answer is read, piece by piece. */
function open(path: string, method = "GET", headers: Record<string, string> = {}) {
  const { hostname, port } = world.direct;
  const request = httpRequest({
    hostname,
    port,
    path,
    method,
    headers: { host: HOST, authorization: `Bearer ${svid}`, ...headers },
  });
  const answered = once(request, "response").then(([response]) => response as IncomingMessage);
  request.on("error", () => undefined);
  answered.catch(() => undefined);
  return { request, answered };
}

describe("methods", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "PURGE", "QUERY"])(
    "%s reaches the origin with path and query as they were sent",
    async (method) => {
      const answer = await world.send(HOST, "/a%2Fb//c?x=%20&y", { token: svid, method });
      expect([answer.status, answer.text]).toEqual([200, "ok"]);
      expect(world.origin.last()).toMatchObject({ method, url: "/a%2Fb//c?x=%20&y" });
    },
  );

  test("HEAD has the headers of the origin's answer, its length among them, and no body", async () => {
    world.origin.at("/head", (_, outgoing) => void outgoing.writeHead(200, { "content-length": "5" }).end());
    const answer = await world.send(HOST, "/head", { token: svid, method: "HEAD" });
    expect([answer.status, answer.headers["content-length"], answer.text]).toEqual([200, "5", ""]);
  });

  test("a GET with a body keeps it, as Elasticsearch needs", async () => {
    world.origin.at("/search", (incoming, outgoing) => void incoming.pipe(outgoing));
    const answer = await world.send(HOST, "/search", {
      token: svid,
      headers: { "content-length": "2", "content-type": "application/json" },
      body: "{}",
    });
    expect([answer.status, answer.text]).toEqual([200, "{}"]);
    expect(valuesOf(world.origin.last(), "content-type")).toEqual(["application/json"]);
  });
});

describe("bodies", () => {
  test("20 MiB go up byte for byte, with their length told", async () => {
    world.origin.at("/upload", async (incoming, outgoing) => {
      const hash = createHash("sha256");
      for await (const chunk of incoming) hash.update(chunk);
      outgoing.end(hash.digest("hex"));
    });
    const body = randomBytes(20 * MIB);
    const answer = await world.send(HOST, "/upload", { token: svid, method: "POST", body });
    expect(answer.text).toBe(createHash("sha256").update(body).digest("hex"));
    expect(valuesOf(world.origin.last(), "content-length")).toEqual([String(body.length)]);
  });

  test("an upload reaches the origin piece by piece, before it has ended", async () => {
    const pieces: string[] = [];
    world.origin.at("/pieces", async (incoming, outgoing) => {
      for await (const chunk of incoming) pieces.push(String(chunk));
      outgoing.end(pieces.join("|"));
    });
    const { request, answered } = open("/pieces", "POST");
    request.write("one");
    await eventually(() => pieces.length === 1);
    request.end("two");
    const [response] = [await answered];
    let text = "";
    for await (const chunk of response) text += chunk;
    expect(text).toBe("one|two");
    expect(valuesOf(world.origin.last(), "transfer-encoding")).toEqual(["chunked"]);
  });

  test("an endless stream of events arrives event by event, longer than an origin may take to begin", async () => {
    let last = 0;
    world.origin.at("/events", async (_, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      for (last = 1; !outgoing.destroyed; last++) {
        outgoing.write(`data: ${last}\n\n`);
        await pause(50);
      }
    });
    const { request, answered } = open("/events");
    request.end();
    const response = await answered;
    expect(response.headers["content-type"]).toBe("text/event-stream");
    const arrivals: number[] = [];
    for await (const chunk of response) {
      const event = Number(String(chunk).match(/\d+/g)?.at(-1));
      expect(last - event).toBeLessThanOrEqual(5);
      if (arrivals.push(Date.now()) === 30) break;
    }
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(1_200);
    request.destroy();
    await eventually(() => world.origin.events.includes("/events cut"));
  });

  test("20 MiB come down byte for byte", async () => {
    const body = randomBytes(20 * MIB);
    world.origin.at("/download", (_, outgoing) => void outgoing.end(body));
    const { request, answered } = open("/download");
    request.end();
    const hash = createHash("sha256");
    for await (const chunk of await answered) hash.update(chunk);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(body).digest("hex"));
  });
});

describe("answers", () => {
  test("several Set-Cookie stay several, and cookies of the caller pass", async () => {
    world.origin.at("/cookies", (_, outgoing) => {
      outgoing.setHeader("set-cookie", ["a=1; Path=/", "b=2; Expires=Wed, 25 Nov 2026 10:00:00 GMT"]);
      outgoing.end();
    });
    const answer = await get("/cookies", { cookie: "session=abc; theme=dark" });
    expect(answer.headers["set-cookie"]).toEqual([
      "a=1; Path=/",
      "b=2; Expires=Wed, 25 Nov 2026 10:00:00 GMT",
    ]);
    expect(valuesOf(world.origin.last(), "cookie")).toEqual(["session=abc; theme=dark"]);
  });

  test("304 answers a conditional request", async () => {
    world.origin.at("/etag", (incoming, outgoing) => {
      outgoing.setHeader("etag", '"v1"');
      outgoing.statusCode = incoming.headers["if-none-match"] === '"v1"' ? 304 : 200;
      outgoing.end();
    });
    const answer = await get("/etag", { "if-none-match": '"v1"' });
    expect([answer.status, answer.headers.etag, answer.text]).toEqual([304, '"v1"', ""]);
  });

  test("a range is answered with 206", async () => {
    world.origin.at("/range", ({ headers }, outgoing) => {
      outgoing.writeHead(206, { "content-range": "bytes 2-4/10", "x-asked": headers.range }).end("cde");
    });
    const answer = await get("/range", { range: "bytes=2-4" });
    expect([answer.status, answer.text, answer.headers["content-range"], answer.headers["x-asked"]]).toEqual([
      206,
      "cde",
      "bytes 2-4/10",
      "bytes=2-4",
    ]);
  });

  test.each([
    ["gzip", "gzip"],
    ["br", "br, gzip"],
    ["zstd", "zstd"],
  ])(
    "a body in the coding %s passes as it stands, and the caller's Accept-Encoding with it",
    async (coding, accepts) => {
      const encoded = coding === "gzip" ? gzipSync("hello") : Buffer.from(`not really ${coding}`);
      world.origin.at(
        "/encoded",
        (_, outgoing) => void outgoing.writeHead(200, { "content-encoding": coding }).end(encoded),
      );
      const { request, answered } = open("/encoded", "GET", { "accept-encoding": accepts });
      request.end();
      const response = await answered;
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      expect(response.headers["content-encoding"]).toBe(coding);
      expect(Buffer.concat(chunks).equals(encoded)).toBe(true);
      expect(valuesOf(world.origin.last(), "accept-encoding")).toEqual([accepts]);
    },
  );

  test("the gateway asks for no coding that the caller did not ask for", async () => {
    await get("/plain");
    expect(valuesOf(world.origin.last(), "accept-encoding")).toEqual([]);
  });

  test.each([201, 202, 204, 205, 303, 400, 401, 404, 418, 451, 500, 503, 599])(
    "the status %i is the origin's",
    async (status) => {
      world.origin.at("/status", (_, outgoing) => void outgoing.writeHead(status).end());
      expect((await get("/status")).status).toBe(status);
    },
  );

  test("103 and trailers end at the gateway, as the runtime has neither", async () => {
    world.origin.at("/hints", (_, outgoing) => {
      outgoing.writeEarlyHints({ link: "</a.css>; rel=preload" });
      outgoing.writeHead(200, { trailer: "x-checksum" });
      outgoing.write("body");
      outgoing.addTrailers({ "x-checksum": "1" });
      outgoing.end();
    });
    const answer = await get("/hints");
    expect([answer.status, answer.text, answer.headers.trailer]).toEqual([200, "body", undefined]);
  });

  test("a body is asked for with 100 before it is sent", async () => {
    const { request, answered } = open("/continue", "PUT", { expect: "100-continue", "content-length": "2" });
    request.flushHeaders();
    await once(request, "continue");
    request.end("ok");
    expect((await answered).statusCode).toBe(200);
    expect(valuesOf(world.origin.last(), "expect")).toEqual([]);
  });

  test("nothing is kept in a cache on the way, whatever the origin allows", async () => {
    let count = 0;
    world.origin.at("/report.csv", (_, outgoing) => {
      outgoing.writeHead(200, { "cache-control": "public, max-age=3600" }).end(String(++count));
    });
    expect([(await get("/report.csv")).text, (await get("/report.csv")).text]).toEqual(["1", "2"]);
    expect(valuesOf(world.origin.last(), "cache-control")).toEqual(["no-cache"]);
  });

  test("a redirect is the caller's to follow", async () => {
    world.origin.at("/old", (_, outgoing) => void outgoing.writeHead(307, { location: "/new" }).end());
    const before = world.origin.seen.length;
    const answer = await get("/old");
    expect([answer.status, answer.headers.location]).toEqual([307, "/new"]);
    expect(world.origin.seen.length).toBe(before + 1);
  });

  test("a Location at the origin is one at the application's host", async () => {
    world.origin.at("/go", (_, outgoing) => {
      outgoing.writeHead(302, { location: `${world.origin.url}/login?next=%2F#top` }).end();
    });
    expect((await get("/go")).headers.location).toBe(`http://${HOST}/login?next=%2F#top`);
  });
});

describe("sizes of headers", () => {
  test.each([8, 16, 32, 64])("a header of %i KiB passes both ways", async (kib) => {
    const value = "x".repeat(kib * 1024);
    world.origin.at("/big", ({ headers }, outgoing) => {
      outgoing.writeHead(200, { "x-back": headers["x-big"] }).end();
    });
    const answer = await get("/big", { "x-big": value });
    expect([answer.status, answer.headers["x-back"]?.length]).toEqual([200, value.length]);
  });
});

describe("ends and failures", () => {
  test("where the caller hangs up, so does the gateway", async () => {
    let arrived = false;
    world.origin.at("/waits", async () => {
      arrived = true;
      await new Promise(() => {});
    });
    const { request } = open("/waits");
    request.end();
    await eventually(() => arrived);
    request.socket?.resetAndDestroy();
    await eventually(() => world.origin.events.includes("/waits cut"));
  });

  test("where the caller hangs up in the middle of an upload, the origin never sees a whole body", async () => {
    let ended = "";
    world.origin.at("/half", async (incoming) => {
      ended = "begun";
      try {
        for await (const _ of incoming);
        ended = "whole";
      } catch {
        ended = "cut";
      }
    });
    const { request } = open("/half", "POST", { "content-length": "1000" });
    request.write("half");
    await eventually(() => ended === "begun");
    request.destroy();
    await eventually(() => ended === "cut");
  });

  test.each([
    ["with a length", { "content-length": "1000" }],
    ["in chunks", {}],
  ])("where the origin breaks off %s, the caller does not see a whole body", async (_, headers) => {
    world.origin.at("/breaks", async (_incoming, outgoing) => {
      outgoing.writeHead(200, headers);
      outgoing.write("begun");
      await pause(50);
      outgoing.destroy();
    });
    const { request, answered } = open("/breaks");
    request.end();
    const response = await answered;
    await expect(
      (async () => {
        for await (const chunk of response) expect(String(chunk)).toBe("begun");
      })(),
    ).rejects.toThrow("aborted");
  });

  test.each([
    ["nobody listens", () => world.svid("https://dead.example.org"), "dead.example.org", "/"],
    ["the origin hangs up", async () => svid, HOST, "/reset"],
    ["the origin does not speak HTTP", async () => svid, HOST, "/garbage"],
    ["the origin answers with the status 999", async () => svid, HOST, "/999"],
    ["the origin answers with the status 600", async () => svid, HOST, "/600"],
  ])("where %s, the answer is 502 with a code", async (_, token, host, path) => {
    world.origin.at("/reset", ({ socket }) => void socket.resetAndDestroy());
    world.origin.at("/garbage", ({ socket }) => void socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    for (const status of [600, 999])
      world.origin.at(`/${status}`, (_in, out) => void out.writeHead(status).end());
    const answer = await world.send(host, path, { token: await token(), method: "POST", body: "x" });
    expect([answer.status, answer.json["code"]]).toEqual([502, "origin_failed"]);
    expect(answer.json["request_id"]).toBe(answer.headers["x-request-id"]);
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  test.each([
    [520, 502, "origin_failed"],
    [521, 502, "origin_failed"],
    [522, 504, "origin_timeout"],
    [523, 502, "origin_failed"],
    [524, 504, "origin_timeout"],
    [525, 502, "origin_failed"],
    [526, 502, "origin_failed"],
    [530, 502, "origin_failed"],
  ])("Cloudflare's own %i in the place of an origin is %i", async (edge, status, code) => {
    world.origin.at("/edge", (_, outgoing) => void outgoing.writeHead(edge).end("<h1>error code</h1>"));
    const answer = await get("/edge");
    expect([answer.status, answer.json["code"]]).toEqual([status, code]);
  });

  test("where the origin does not begin to answer in time, the answer is 504 with a code", async () => {
    world.origin.at("/slow", () => new Promise(() => {}));
    const started = Date.now();
    const answer = await get("/slow");
    expect([answer.status, answer.json["code"]]).toEqual([504, "origin_timeout"]);
    expect(Date.now() - started).toBeLessThan(15_000);
    await eventually(() => world.origin.events.includes("/slow cut"));
  });

  test("an upload has the more time to be answered, the longer it is", async () => {
    world.origin.at("/long", async (incoming, outgoing) => {
      for await (const _ of incoming);
      await pause(1_500);
      outgoing.end("ok");
    });
    const body = Buffer.alloc(2_000_000);
    expect((await world.send(HOST, "/long", { token: svid, method: "POST", body })).status).toBe(200);
  });
});

test("nothing of it was a defect", () => {
  expect(world.logs().filter((line) => line.includes('"event":"failure"'))).toEqual([]);
});

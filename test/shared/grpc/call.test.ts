import * as http2 from "node:http2";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Call, type Method, type Service, serveCall } from "../../../shared/grpc/call.ts";
import { OK, status } from "../../../shared/grpc/status.ts";
import { err, ok } from "../../../shared/result.ts";
import { type GrpcServer, pause, startGrpcServer } from "../../stage/grpc-server.ts";
import { follow, framed, openCall, type WorkloadClient } from "../../stage/workload-client.ts";

/** What the methods saw. */
let bugs: unknown[];
let aborted: number;
let open: Call[];

const METHODS: Readonly<Record<string, Method>> = {
  "/t/Echo": async (request, call) => {
    await call.send(request);
    return OK;
  },
  "/t/Count": async (_, call) => {
    for (const number of [1, 2, 3]) await call.send(Uint8Array.of(number));
    return status("unavailable", "no more");
  },
  "/t/Nothing": async () => OK,
  "/t/Deny": async () => status("permissionDenied", "100 % no: ü\n"),
  "/t/Soon": async (request, call) => {
    await sleep(Math.random() * 4);
    if (Math.random() < 0.5) await call.send(request);
    return OK;
  },
  "/t/Throw": async () => {
    throw new Error("secret");
  },
  "/t/Hang": (_, call) =>
    new Promise((resolve) => {
      open.push(call);
      call.signal.addEventListener("abort", () => {
        aborted += 1;
        resolve(OK);
      });
    }),
  "/t/Flood": async (_, call) => {
    let sent = 0;
    while (!call.signal.aborted && sent < 1_000) {
      await call.send(new Uint8Array(64 * 1024));
      sent += 1;
    }
    return status("internal", `${sent}`);
  },
};

const SERVICE: Service = {
  methodOf: (path) => {
    const method = METHODS[path];
    return method === undefined ? err(status("unimplemented", "unknown method")) : ok(method);
  },
  maxRequestBytes: 1_000,
  pause,
  onBug: (error) => void bugs.push(error),
};

let server: GrpcServer;
let client: WorkloadClient;
beforeEach(async () => {
  [bugs, aborted, open] = [[], 0, []];
  server = await startGrpcServer(SERVICE);
  client = await server.connect();
});
afterEach(() => server.close());

/** The server is still well, on this connection and on a new one. */
async function expectHealthy(): Promise<void> {
  const message = Buffer.from("hello");
  for (const one of [client, await server.connect()]) {
    if (one.session.destroyed) continue;
    expect(await one.call("/t/Echo", { message })).toMatchObject({
      code: 0,
      messages: [Uint8Array.from(message)],
    });
  }
}

describe("a call", () => {
  test("gets its message, and then OK in the trailers", async () => {
    const ended = await client.call("/t/Echo", { message: Buffer.from("hello") });
    expect(ended).toMatchObject({ http: 200, code: 0, message: "", trailersOnly: false, rstCode: 0 });
    expect(ended.headers["content-type"]).toBe("application/grpc");
    expect(ended.messages.map((one) => Buffer.from(one).toString())).toEqual(["hello"]);
  });

  test("of several messages gets them in their order, and its status after them", async () => {
    const ended = await client.call("/t/Count");
    expect(ended).toMatchObject({ code: 14, message: "no more", trailersOnly: false });
    expect(ended.messages).toEqual([1, 2, 3].map((number) => Uint8Array.of(number)));
  });

  test.each([
    ["/t/Nothing", 0, ""],
    ["/t/Deny", 7, "100 % no: ü\n"],
    ["/t/Other", 12, "unknown method"],
    ["/t/Throw", 13, "A bug in svid-exchange ended the call."],
  ])("without a message ends by its headers alone: %s", async (method, code, message) => {
    expect(await client.call(method)).toMatchObject({ http: 200, code, message, trailersOnly: true });
  });

  test("that meets a bug tells the server's log of it, and the client nothing", async () => {
    await client.call("/t/Throw");
    expect(bugs).toEqual([new Error("secret")]);
    await expectHealthy();
  });

  test("takes its message in any number of frames", async () => {
    const message = Buffer.from("x".repeat(900));
    const stream = openCall(client.session, "/t/Echo");
    const call = follow(stream);
    for (const [index, byte] of framed(message).entries()) {
      stream.write(Buffer.of(byte));
      if (index % 100 === 0) await sleep(1);
    }
    stream.end();
    expect(await call.ended).toMatchObject({ code: 0, messages: [Uint8Array.from(message)] });
  });

  test("of 200 others at once is answered by itself", async () => {
    const calls = Array.from({ length: 200 }, (_, index) =>
      client.call("/t/Echo", { message: Buffer.from(`call ${index}`) }),
    );
    const texts = (await Promise.all(calls)).map(({ messages: [one] }) => Buffer.from(one ?? []).toString());
    expect(texts).toEqual(calls.map((_, index) => `call ${index}`));
  });

  test("names only the encoding that it takes", async () => {
    expect((await client.call("/t/Nothing")).headers["grpc-accept-encoding"]).toBe("identity");
  });
});

describe("a request", () => {
  test.each([
    ["that is compressed", framed(Buffer.from("x"), 1), { "grpc-encoding": "gzip" }, 12],
    ["that is too long", framed(Buffer.alloc(1_001)), {}, 8],
    ["that is cut off", framed(Buffer.alloc(9)).subarray(0, 8), {}, 13],
    ["of two messages", Buffer.concat([framed(Buffer.alloc(1)), framed(Buffer.alloc(1))]), {}, 13],
    ["without a message", Buffer.alloc(0), {}, 13],
    ["of a malformed timeout", framed(Buffer.alloc(1)), { "grpc-timeout": "soon" }, 13],
  ])("%s is refused, and the connection goes on", async (_, bytes, headers, code) => {
    const stream = openCall(client.session, "/t/Echo", { headers });
    const call = follow(stream);
    stream.end(bytes);
    expect(await call.ended).toMatchObject({ http: 200, code, trailersOnly: true });
    await expectHealthy();
  });

  test.each([
    ["another method of HTTP", { ":method": "GET" }, 405],
    ["another content type", { "content-type": "application/json" }, 415],
    ["the content type of gRPC-Web", { "content-type": "application/grpc-web" }, 415],
    ["JSON in gRPC", { "content-type": "application/grpc+json" }, 415],
  ])("of %s has a status of HTTP", async (_, headers, http) => {
    const stream = openCall(client.session, "/t/Echo", { headers });
    const call = follow(stream);
    stream.end();
    expect(await call.ended).toMatchObject({ http, code: undefined });
    await expectHealthy();
  });

  test.each(["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"])(
    "of the content type %s is one of gRPC",
    async (type) => {
      expect(await client.call("/t/Nothing", { headers: { "content-type": type } })).toMatchObject({
        code: 0,
      });
    },
  );

  test("that is refused may be as long as it likes: the window of the connection stays open", async () => {
    for (let calls = 0; calls < 20; calls += 1) {
      const stream = openCall(client.session, "/t/Other");
      const call = follow(stream);
      stream.end(framed(Buffer.alloc(50_000)));
      expect(await call.ended).toMatchObject({ code: 12 });
    }
    await expectHealthy();
  });

  test("whose stream is reset at once does no harm", async () => {
    for (const path of ["/t/Echo", "/t/Other", "/t/Deny"]) {
      for (let calls = 0; calls < 20; calls += 1) {
        const stream = openCall(
          client.session,
          path,
          calls % 2 === 0 ? { headers: { ":method": "GET" } } : {},
        );
        stream.on("error", () => {});
        stream.close(http2.constants.NGHTTP2_CANCEL);
      }
    }
    await expectHealthy();
    expect(bugs).toEqual([]);
  });
});

test.each([
  ["a call", { ":method": "POST", "content-type": "application/grpc", ":path": "/t/Other" }],
  ["no call", { ":method": "GET" }],
])("nothing is sent on a stream that the client has reset: %s", (_, headers) => {
  const refuse = (): never => {
    throw new Error("ERR_HTTP2_INVALID_STREAM");
  };
  const reset = { closed: true, destroyed: false, headersSent: false, on: () => undefined };
  const stream = {
    ...reset,
    respond: refuse,
    write: refuse,
    end: refuse,
    sendTrailers: refuse,
    close: refuse,
  };
  serveCall(stream, headers, SERVICE, new AbortController().signal);
});

test("a client that cancels at any moment does no harm", async () => {
  const cancelled = Array.from({ length: 500 }, async () => {
    const { stream, ended } = client.start("/t/Soon", { message: Buffer.alloc(900) });
    await sleep(Math.random() * 4);
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await ended;
  });
  await Promise.all(cancelled);
  await expectHealthy();
  expect(bugs).toEqual([]);
});

describe("a call that takes long", () => {
  test("ends at its deadline", async () => {
    const before = Date.now();
    const ended = await client.call("/t/Hang", { headers: { "grpc-timeout": "50m" } });
    expect(ended).toMatchObject({ code: 4, trailersOnly: true });
    expect(Date.now() - before).toBeGreaterThanOrEqual(49);
    expect(aborted).toBe(1);
  });

  test("has its deadline also while its message does not come", async () => {
    const stream = openCall(client.session, "/t/Echo", { headers: { "grpc-timeout": "50m" } });
    expect(await follow(stream).ended).toMatchObject({ code: 4 });
  });

  test("is told once its client cancels it, and sends nothing any more", async () => {
    const call = client.start("/t/Hang");
    while (open.length === 0) await sleep(1);
    call.stream.close(http2.constants.NGHTTP2_CANCEL);
    while (aborted === 0) await sleep(1);
    await open[0]?.send(Uint8Array.of(1));
    expect((await call.ended).messages).toEqual([]);
    await expectHealthy();
  });

  test("is told once its client is gone", async () => {
    client.start("/t/Hang");
    while (open.length === 0) await sleep(1);
    client.session.destroy();
    while (aborted === 0) await sleep(1);
    await expectHealthy();
  });

  test("waits for a client that reads slowly, and keeps no messages for it meanwhile", async () => {
    const stream = openCall(client.session, "/t/Flood", { headers: { "grpc-timeout": "300m" } });
    stream.end(framed(new Uint8Array()));
    stream.pause();
    await sleep(400);
    const call = follow(stream);
    stream.resume();
    const ended = await call.ended;
    expect(ended.messages.length).toBeLessThan(50);
    await expectHealthy();
  });
});

describe("the end of the server", () => {
  test("ends open calls as unavailable, then the connection with GOAWAY", async () => {
    const goaways: number[] = [];
    client.session.on("goaway", (code) => goaways.push(code));
    const call = client.start("/t/Hang");
    while (open.length === 0) await sleep(1);
    await server.close();
    expect(await call.ended).toMatchObject({ code: 14, message: "The server has ended." });
    expect(new Set(goaways)).toEqual(new Set([0]));
    expect(client.session.closed || client.session.destroyed).toBe(true);
  });

  test("does not wait for a client that does not read", async () => {
    const stream = openCall(client.session, "/t/Flood");
    stream.on("error", () => {});
    stream.end(framed(new Uint8Array()));
    stream.pause();
    await sleep(50);
    const before = Date.now();
    await server.close();
    expect(Date.now() - before).toBeLessThan(2_000);
  });

  test("leaves no port open", async () => {
    await server.close();
    await expect(server.connect()).rejects.toThrow("ECONNREFUSED");
  });
});

describe("a connection", () => {
  test("answers keep-alives, while a call is open and while none is", async () => {
    const ping = (): Promise<unknown> =>
      new Promise((resolve, reject) =>
        client.session.ping((error, ms) => (error ? reject(error) : resolve(ms))),
      );
    await ping();
    client.start("/t/Hang");
    await ping();
  });

  test.each([
    ["HTTP/1.1", "GET / HTTP/1.1\r\nhost: x\r\n\r\n"],
    ["TLS", Buffer.from("160301020001000001fc0303", "hex")],
    ["nothing", ""],
    ["noise", Buffer.alloc(10_000, 0xa5)],
    ["the preface, and then noise", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"x".repeat(1_000)}`],
  ])("that speaks %s does no harm", async (_, bytes) => {
    const socket = net.connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.end(bytes);
    socket.resume();
    await new Promise((resolve) => socket.on("close", resolve));
    await expectHealthy();
  });
});

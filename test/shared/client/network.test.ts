import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { networkError } from "../../../shared/client/network.ts";

const coded = (code: string, cause?: unknown): Error => Object.assign(new Error("unread"), { code, cause });

describe("the cause of a failed request is read from codes", () => {
  test.each([
    ["ENOTFOUND", "dns"],
    ["EAI_AGAIN", "dns"],
    ["ECONNREFUSED", "refused"],
    ["ENETUNREACH", "refused"],
    ["ECONNRESET", "reset"],
    ["EPIPE", "reset"],
    ["HPE_INVALID_CONSTANT", "reset"],
    ["UND_ERR_SOCKET", "reset"],
    ["ETIMEDOUT", "timeout"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
    ["EPROTO", "tls"],
    ["ERR_PROXY_TUNNEL", "proxy"],
    ["ERR_PROXY_INVALID_CONFIG", "proxy"],
  ])("%s is %s", (code, cause) => {
    expect(networkError(coded(code))).toEqual({ cause, errno: code });
    expect(networkError(new TypeError("fetch failed", { cause: coded(code) }))).toEqual({
      cause,
      errno: code,
    });
  });

  test("several addresses that all failed are judged by the first", () => {
    const tried = new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH")]);
    expect(networkError(new TypeError("fetch failed", { cause: tried }))).toEqual({
      cause: "refused",
      errno: "ECONNREFUSED",
    });
  });

  test("an expired AbortSignal.timeout is a time-out", () => {
    expect(networkError(new DOMException("", "TimeoutError"))).toEqual({ cause: "timeout" });
  });

  test("a chain that never ends and things that are no errors are other", () => {
    const loop = coded("EUNKNOWN");
    loop.cause = loop;
    for (const thrown of [loop, "text", null, undefined, 7])
      expect(networkError(thrown)).toEqual({ cause: "other" });
  });
});

describe("what the platform's fetch really throws", () => {
  async function onSocket(behave: (socket: Socket) => void): Promise<{ url: string; close: () => void }> {
    const server = createServer(behave);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  }
  const thrownBy = async (url: string, signal: AbortSignal): Promise<unknown> =>
    fetch(url, { signal }).then(
      () => "an answer",
      (thrown: unknown) => networkError(thrown).cause,
    );

  test.each([
    ["a reset", (socket: Socket) => socket.resetAndDestroy(), "reset", 10_000],
    ["an early end", (socket: Socket) => socket.end(), "reset", 10_000],
    ["silence", (socket: Socket) => socket.on("error", () => {}), "timeout", 300],
  ])("%s", async (_, behave, cause, ms) => {
    const server = await onSocket(behave);
    expect(await thrownBy(server.url, AbortSignal.timeout(ms))).toBe(cause);
    server.close();
  });

  test("a closed port", async () => {
    const server = await onSocket(() => {});
    server.close();
    expect(await thrownBy(server.url, AbortSignal.timeout(10_000))).toBe("refused");
  });
});

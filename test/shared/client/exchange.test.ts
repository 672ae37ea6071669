import { describe, expect, test } from "vitest";
import { type ClientPorts, exchange, rootFailure } from "../../../shared/client/exchange.ts";
import { type ExchangeUrl, parseExchangeUrl } from "../../../shared/client/exchange-url.ts";
import type { Answer, Ask } from "../../../shared/client/fetch.ts";
import type { Setback } from "../../../shared/client/retry.ts";
import { deny } from "../../../shared/denial.ts";
import { err, ok } from "../../../shared/result.ts";
import { type ExchangeSuccess, errorBody, successBody } from "../../../shared/wire.ts";

const SUCCESS: ExchangeSuccess = {
  svid: "eyJ.made.up",
  expiresIn: 300,
  spiffeId: "spiffe://ci.example.org/github/1/2",
  audience: "https://vault.example.org",
  policy: "deploy",
  configVersion: "v1",
};

type Step = Response | Error | "hang";

/** The ports of a process whose clock only sleeping moves, and whose requests are answered by a script. */
function scripted(...steps: Step[]) {
  const asked: { url: string; ask: Ask }[] = [];
  const pauses: number[] = [];
  let now = 1_795_341_600_000;
  const ports: ClientPorts = {
    nowMs: () => now,
    random: () => 0,
    sleep: async (ms) => {
      pauses.push(ms);
      now += ms;
    },
    fetch: async (url, ask) => {
      const step = steps[asked.length] ?? new Error("the script is over");
      asked.push({ url, ask });
      if (step === "hang") {
        now += 10_000;
        throw new DOMException("", "TimeoutError");
      }
      if (step instanceof Error) throw step;
      return step;
    },
  };
  return { ports, asked, pauses };
}

const success = (): Response => Response.json(successBody(SUCCESS));
const refusal = (code: Parameters<typeof deny>[0], status: number, headers: Record<string, string> = {}) =>
  Response.json(errorBody(deny(code, "It is so."), "req-1"), { status, headers });
const broken = (code: string): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(), { code }) });

function exchangeUrl(text: string): ExchangeUrl {
  const parsed = parseExchangeUrl(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** A token source that numbers its tokens. */
function tokens() {
  let given = 0;
  return async () => {
    given += 1;
    return ok(`token-${given}`);
  };
}

const options = () => ({
  exchangeUrl: exchangeUrl("https://svid.example.org/ci"),
  subjectToken: tokens(),
  timeoutMs: 60_000,
  userAgent: "test/1",
});

describe("the request", () => {
  test("is RFC 8693's form, and nothing of it in the URL", async () => {
    const { ports, asked } = scripted(success());
    await exchange(
      { ...options(), audience: "https://vault.example.org", policy: "deploy", dryRun: true },
      ports,
    );
    const [only] = asked;
    expect(only?.url).toBe("https://svid.example.org/ci/token");
    expect(only?.ask).toMatchObject({
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": "test/1" },
    });
    expect(Object.fromEntries(new URLSearchParams(only?.ask.body))).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: "token-1",
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:ietf:params:oauth:token-type:jwt",
      audience: "https://vault.example.org",
      policy: "deploy",
      dry_run: "true",
    });
  });

  test("leaves out what was not asked for", async () => {
    const { ports, asked } = scripted(success());
    await exchange(options(), ports);
    const form = new URLSearchParams(asked[0]?.ask.body);
    for (const name of ["audience", "policy", "dry_run"]) expect(form.has(name)).toBe(false);
  });
});

describe("the answer", () => {
  test("a success is handed on as it is", async () => {
    expect(await exchange(options(), scripted(success()).ports)).toEqual(ok(SUCCESS));
  });

  test("a dry run's has no SVID", async () => {
    const { svid: _, ...planned } = SUCCESS;
    const { ports } = scripted(Response.json(successBody(planned)));
    expect(await exchange({ ...options(), dryRun: true }, ports)).toEqual(ok(planned));
  });

  test("a dry run's is no success where none was asked for", async () => {
    const { svid: _, ...planned } = SUCCESS;
    const { ports } = scripted(Response.json(successBody(planned)));
    expect(await exchange(options(), ports)).toEqual(err({ code: "not_an_exchange", status: 200 }));
  });

  test.each([
    ["policy_denied", 400],
    ["token_audience_mismatch", 400],
    ["method_not_allowed", 405],
    ["body_too_large", 413],
  ] as const)("%s is final", async (code, status) => {
    const { ports, asked } = scripted(refusal(code, status));
    const outcome = await exchange(options(), ports);
    expect(outcome).toMatchObject(err({ code: "refused", refusal: { code, status, requestId: "req-1" } }));
    expect(asked).toHaveLength(1);
  });

  test.each([
    ["a web page", new Response("<html>", { status: 200, headers: { "content-type": "text/html" } }), 200],
    ["JSON of another kind", Response.json({ access_token: "x" }), 200],
    ["a page that is not there", new Response("nope", { status: 404 }), 404],
    ["nothing", new Response(null, { status: 204 }), 204],
    ["a flood", new Response(" ".repeat(65_537)), 200],
  ])("%s is not an exchange's", async (_, response, status) => {
    const { ports, asked } = scripted(response);
    expect(await exchange(options(), ports)).toEqual(err({ code: "not_an_exchange", status }));
    expect(asked).toHaveLength(1);
  });

  test.each([
    [{ location: "https://login.example/start?next=secret#x" }, { location: "https://login.example/start" }],
    [{ location: "/elsewhere" }, {}],
    [{}, {}],
  ])("a redirect with %j is final and not followed", async (headers, shown) => {
    const { ports, asked } = scripted(new Response(null, { status: 307, headers }));
    expect(await exchange(options(), ports)).toEqual(err({ code: "redirected", status: 307, ...shown }));
    expect(asked).toHaveLength(1);
  });

  test("a body that breaks off is a network error", async () => {
    const body = (async function* () {
      yield new TextEncoder().encode('{"access_token":"');
      throw Object.assign(new Error(), { code: "ECONNRESET" });
    })();
    const half: Answer = { status: 200, headers: new Headers(), body };
    const { ports } = scripted();
    let first = true;
    const fetch = async () => {
      if (!first) return success();
      first = false;
      return half;
    };
    expect(await exchange(options(), { ...ports, fetch })).toEqual(ok(SUCCESS));
  });
});

describe("trying again", () => {
  test.each<[string, Step]>([
    ["429", refusal("rate_limited", 429)],
    ["503", refusal("not_configured", 503)],
    ["500", refusal("internal_error", 500)],
    ["a proxy's 502", new Response("<html>", { status: 502 })],
    ["a reset", broken("ECONNRESET")],
    ["a refused connection", broken("ECONNREFUSED")],
    ["no address", broken("ENOTFOUND")],
    ["silence", "hang"],
  ])("%s, then well, with a fresh token", async (_, step) => {
    const { ports, asked, pauses } = scripted(step, success());
    expect(await exchange(options(), ports)).toEqual(ok(SUCCESS));
    const sent = asked.map(({ ask }) => new URLSearchParams(ask.body).get("subject_token"));
    expect(sent).toEqual(["token-1", "token-2"]);
    expect(pauses).toEqual([125]);
  });

  test("waits as Retry-After says", async () => {
    const { ports, pauses } = scripted(refusal("rate_limited", 429, { "retry-after": "7" }), success());
    await exchange(options(), ports);
    expect(pauses).toEqual([7000]);
  });

  test("does not wait for a Retry-After beyond the deadline", async () => {
    const { ports, asked } = scripted(refusal("not_configured", 503, { "retry-after": "3600" }));
    expect(await exchange(options(), ports)).toMatchObject(
      err({
        code: "deadline_exceeded",
        attempts: 1,
        last: { code: "refused", refusal: { code: "not_configured" } },
      }),
    );
    expect(asked).toHaveLength(1);
  });

  test.each(["CERT_HAS_EXPIRED", "ERR_PROXY_TUNNEL"])("%s does not mend itself", async (errno) => {
    const { ports, asked } = scripted(broken(errno));
    expect(await exchange(options(), ports)).toMatchObject(err({ code: "unreachable", errno }));
    expect(asked).toHaveLength(1);
  });

  test("ends at the deadline and names the last failure", async () => {
    const { ports, asked } = scripted(...Array<Step>(30).fill("hang"));
    const outcome = await exchange({ ...options(), timeoutMs: 25_000 }, ports);
    expect(outcome).toEqual(
      err({ code: "deadline_exceeded", attempts: 3, last: { code: "unreachable", cause: "timeout" } }),
    );
    expect(asked).toHaveLength(3);
    if (!outcome.ok) expect(rootFailure(outcome.error)).toEqual({ code: "unreachable", cause: "timeout" });
  });

  test("gives no try more time than is left", async () => {
    const { ports, asked } = scripted(success());
    await exchange({ ...options(), timeoutMs: 1 }, ports);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked[0]?.ask.signal.aborted).toBe(true);
  });
});

describe("the subject token", () => {
  test("that takes its time leaves less to the request", async () => {
    const { ports, asked } = scripted(success());
    const subjectToken = async () => {
      await ports.sleep(9_999);
      return ok("late");
    };
    await exchange({ ...options(), subjectToken, timeoutMs: 10_000 }, ports);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked[0]?.ask.signal.aborted).toBe(true);
  });

  const source = (...setbacks: Setback<string>[]) => {
    let tries = 0;
    return async () => {
      const setback = setbacks[tries];
      tries += 1;
      return setback === undefined ? ok("fresh") : err(setback);
    };
  };

  test("that is not to be had ends it before any request", async () => {
    const { ports, asked } = scripted();
    const subjectToken = source({ failure: "no permission", retryable: false });
    expect(await exchange({ ...options(), subjectToken }, ports)).toEqual(
      err({ code: "no_subject_token", failure: "no permission" }),
    );
    expect(asked).toEqual([]);
  });

  test("that is late is waited for inside the same deadline", async () => {
    const { ports, pauses } = scripted(success());
    const subjectToken = source({ failure: "busy", retryable: true, retryAfterMs: 2000 });
    expect(await exchange({ ...options(), subjectToken }, ports)).toEqual(ok(SUCCESS));
    expect(pauses).toEqual([2000]);
  });
});

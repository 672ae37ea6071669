import { describe, expect, test } from "vitest";
import {
  type ClientPorts,
  type ExchangeOptions,
  exchange,
  plan,
  rootFailure,
} from "../../../shared/client/exchange.ts";
import { type ExchangeUrl, parseExchangeUrl } from "../../../shared/client/exchange-url.ts";
import type { HttpRequest, HttpResponse } from "../../../shared/client/fetch.ts";
import type { FailedAttempt } from "../../../shared/client/retry.ts";
import { deny } from "../../../shared/denial.ts";
import { err, ok } from "../../../shared/result.ts";
import { errorBody, type Minted, type Plan, successBody } from "../../../shared/wire.ts";
import { createLeapingClock } from "../../stage/clock.ts";

const DECISION = {
  spiffeId: "spiffe://ci.example.org/github/1/2",
  audience: "https://vault.example.org",
  policy: "deploy",
  configVersion: "b1946ac92492",
};
const MINTED: Minted = { svid: "eyJ.made.up", expiresIn: 300, ...DECISION };
const PLAN: Plan = { lifetime: 300, ...DECISION };

type Step = Response | Error | "hang";

/** The ports of a process whose clock leaps over each pause, and whose requests are answered by a script. */
function scripted(...steps: Step[]) {
  const asked: { url: string; request: HttpRequest }[] = [];
  const timeouts: number[] = [];
  const { pauses, ...clock } = createLeapingClock(1_795_341_600_000);
  let hungMs = 0;
  const ports: ClientPorts = {
    ...clock,
    nowMs: () => clock.nowMs() + hungMs,
    random: () => 0,
    timeoutSignal: (ms) => {
      timeouts.push(ms);
      return new AbortController().signal;
    },
    fetch: async (url, request) => {
      const step = steps[asked.length] ?? new Error("the script is over");
      asked.push({ url, request });
      if (step === "hang") {
        hungMs += 10_000;
        throw new DOMException("", "TimeoutError");
      }
      if (step instanceof Error) throw step;
      return step;
    },
  };
  return { ports, asked, pauses, timeouts };
}

const success = (): Response => Response.json(successBody(MINTED));
const planned = (): Response => Response.json(successBody(PLAN));
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

const options = (): ExchangeOptions<string> => ({
  exchangeUrl: exchangeUrl("https://svid.example.org/ci"),
  subjectToken: tokens(),
  timeoutMs: 60_000,
});

describe("the request", () => {
  test("is RFC 8693's form, and nothing of it in the URL", async () => {
    const { ports, asked } = scripted(success());
    await exchange({ ...options(), audience: "https://vault.example.org", policy: "deploy" }, ports);
    const [only] = asked;
    expect(only?.url).toBe("https://svid.example.org/ci/token");
    expect(only?.request).toMatchObject({
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(Object.fromEntries(new URLSearchParams(only?.request.body))).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: "token-1",
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:ietf:params:oauth:token-type:jwt",
      audience: "https://vault.example.org",
      policy: "deploy",
    });
  });

  test("of a dry run is the same form with dry_run", async () => {
    const { ports, asked } = scripted(planned());
    await plan({ ...options(), policy: "deploy" }, ports);
    const form = Object.fromEntries(new URLSearchParams(asked[0]?.request.body));
    expect(form).toMatchObject({ subject_token: "token-1", policy: "deploy", dry_run: "true" });
  });

  test("leaves out what was not asked for", async () => {
    const { ports, asked } = scripted(success());
    await exchange(options(), ports);
    const form = new URLSearchParams(asked[0]?.request.body);
    for (const name of ["audience", "policy", "dry_run"]) expect(form.has(name)).toBe(false);
  });
});

describe("the response", () => {
  test("a success is handed on as it is", async () => {
    expect(await exchange(options(), scripted(success()).ports)).toEqual(ok(MINTED));
  });

  test("to a dry run is a plan, which has no SVID for the compiler either", async () => {
    const outcome = await plan(options(), scripted(planned()).ports);
    expect(outcome).toEqual(ok(PLAN));
    if (!outcome.ok) return;
    // @ts-expect-error: a plan has no SVID
    expect(outcome.value.svid).toBeUndefined();
    // @ts-expect-error: what was minted is not a plan
    const wrong: Plan = MINTED;
    expect(wrong).not.toEqual(PLAN);
  });

  test("with a plan is no success where an SVID was asked for", async () => {
    const { ports } = scripted(planned());
    expect(await exchange(options(), ports)).toEqual(err({ code: "not_an_exchange", status: 200 }));
  });

  test("with an SVID is no success where a plan was asked for", async () => {
    const { ports } = scripted(success());
    expect(await plan(options(), ports)).toEqual(err({ code: "not_an_exchange", status: 200 }));
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
    const half: HttpResponse = { status: 200, headers: new Headers(), body };
    const { ports } = scripted();
    let first = true;
    const fetch = async () => {
      if (!first) return success();
      first = false;
      return half;
    };
    expect(await exchange(options(), { ...ports, fetch })).toEqual(ok(MINTED));
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
    expect(await exchange(options(), ports)).toEqual(ok(MINTED));
    const sent = asked.map(({ request }) => new URLSearchParams(request.body).get("subject_token"));
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

  test("gives no attempt more time than is left, nor more than ten seconds", async () => {
    const short = scripted(success());
    await exchange({ ...options(), timeoutMs: 1 }, short.ports);
    expect(short.timeouts).toEqual([1, 1]);
    const long = scripted("hang", success());
    await exchange({ ...options(), timeoutMs: 15_000 }, long.ports);
    expect(long.timeouts).toEqual([10_000, 10_000, 4_875, 4_875]);
  });

  test("hands the signal of that time to the request", async () => {
    const { ports, asked } = scripted(success());
    const signals: AbortSignal[] = [];
    const timeoutSignal = (): AbortSignal => {
      const { signal } = new AbortController();
      signals.push(signal);
      return signal;
    };
    await exchange(options(), { ...ports, timeoutSignal });
    expect(asked[0]?.request.signal).toBe(signals.at(-1));
  });
});

describe("the subject token", () => {
  test("that takes its time leaves less to the request", async () => {
    const { ports, timeouts } = scripted(success());
    const subjectToken = async () => {
      await ports.sleep(9_900);
      return ok("late");
    };
    await exchange({ ...options(), subjectToken, timeoutMs: 10_000 }, ports);
    expect(timeouts).toEqual([10_000, 100]);
  });

  const source = (...failed: FailedAttempt<string>[]) => {
    let tries = 0;
    return async () => {
      const attempt = failed[tries];
      tries += 1;
      return attempt === undefined ? ok("fresh") : err(attempt);
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
    expect(await exchange({ ...options(), subjectToken }, ports)).toEqual(ok(MINTED));
    expect(pauses).toEqual([2000]);
  });
});

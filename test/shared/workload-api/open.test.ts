import { createServer } from "node:http2";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClientPorts } from "../../../shared/client/exchange.ts";
import { parseExchangeUrl } from "../../../shared/client/exchange-url.ts";
import { type Exchanged, getSvid, mayPass, type SvidFailure } from "../../../shared/client/get-svid.ts";
import { createSvidSource } from "../../../shared/renewal/svid-source.ts";
import { ok } from "../../../shared/result.ts";
import type { TrustDomain } from "../../../shared/spiffe-id.ts";
import { openWorkloadApi, type WorkloadApi } from "../../../shared/workload-api/open.ts";
import { createLeapingClock } from "../../stage/clock.ts";
import { pause } from "../../stage/grpc-server.ts";
import {
  connectWorkloadApi,
  svidRequest,
  svidsOf,
  type WorkloadClient,
} from "../../stage/workload-client.ts";
import {
  AUDIENCE,
  claims,
  header,
  ISSUER,
  NOW,
  publicJwk,
  SPIFFE_ID,
  svid,
  TRUST_DOMAIN,
} from "../verify/craft.ts";

/** An exchange behind `fetch`: what it publishes, and what it responds to a request for an SVID. */
interface FakeExchange {
  metadata: () => Response;
  bundle: () => Response;
  token: (form: URLSearchParams) => Response;
}

const METADATA = { issuer: ISSUER, spiffe_trust_domain: TRUST_DOMAIN };
const BUNDLE = { keys: [publicJwk("p256", { use: "jwt-svid" })], spiffe_refresh_hint: 300 };

let exchange: FakeExchange;
let asked: string[];
let log: string[];
let api: WorkloadApi | undefined;
let client: WorkloadClient | undefined;
const ended = new AbortController();

function minted(form: URLSearchParams): Response {
  return Response.json({
    access_token: svid(header(), claims({ aud: form.get("audience") })),
    expires_in: 300,
    spiffe_id: SPIFFE_ID,
    audience: form.get("audience"),
    policy: "deploy",
    config_version: "b1946ac92492",
  });
}

beforeEach(() => {
  [asked, log, api, client] = [[], [], undefined, undefined];
  exchange = {
    metadata: () => Response.json(METADATA),
    bundle: () => Response.json(BUNDLE),
    token: minted,
  };
});
afterEach(async () => {
  client?.session.destroy();
  await api?.close();
});

const ports: ClientPorts = {
  ...createLeapingClock(NOW * 1000),
  timeoutSignal: () => new AbortController().signal,
  random: () => 0,
  fetch: async (url, request) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    if (pathname === "/token") return exchange.token(new URLSearchParams(request.body));
    return pathname.endsWith("spiffe-bundle.json") ? exchange.bundle() : exchange.metadata();
  },
};

async function open(trustDomain?: string) {
  const url = parseExchangeUrl(ISSUER);
  if (!url.ok) throw new Error(url.error);
  const options = {
    exchangeUrl: url.value,
    subjectToken: async () => ok("id-token"),
    timeoutMs: 5_000,
    verify: false,
  };
  const svids = createSvidSource<Exchanged, SvidFailure<never>>(
    {
      exchange: (audience) => getSvid({ ...options, ...(audience === undefined ? {} : { audience }) }, ports),
      mayPass,
      renewable: true,
      nowMs: ports.nowMs,
      pause,
    },
    ended.signal,
  );
  const opened = await openWorkloadApi(
    {
      issuer: ISSUER,
      timeoutMs: 5_000,
      place: { host: "127.0.0.1", port: 0 },
      ...(trustDomain === undefined ? {} : { trustDomain: trustDomain as TrustDomain }),
    },
    { svids, explainNoToken: () => "no token" },
    { ...ports, createServer, pause },
    {
      issued: ({ audience }) => log.push(`issued ${audience}`),
      refused: (audience, { code }) => log.push(`refused ${audience} ${code}`),
      unusable: (audience, { message }) => log.push(`unusable ${audience} ${message}`),
      bundleChanged: () => log.push("changed"),
      bundleUnread: () => log.push("unread"),
      bug: (error) => log.push(`bug ${error}`),
    },
  );
  if (opened.ok) {
    api = opened.value;
    client = await connectWorkloadApi(api.endpoint);
  }
  return opened;
}

const fetchSvid = async (audience = AUDIENCE) =>
  (await client?.call("FetchJWTSVID", { message: svidRequest([audience]) })) ?? { code: undefined };

describe("before the server starts", () => {
  test("the trust domain and the bundle are read, and nothing is exchanged", async () => {
    expect((await open()).ok).toBe(true);
    expect(asked).toEqual(["/.well-known/oauth-authorization-server", "/.well-known/spiffe-bundle.json"]);
    expect(api?.endpoint).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  });

  test("the trust domain is not read where it is given", async () => {
    await open(TRUST_DOMAIN);
    expect(asked).toEqual(["/.well-known/spiffe-bundle.json"]);
  });

  test("an exchange that is down for a moment is waited for", async () => {
    let attempts = 0;
    exchange.metadata = () => {
      attempts += 1;
      return attempts < 3 ? new Response(null, { status: 503 }) : Response.json(METADATA);
    };
    expect((await open()).ok).toBe(true);
  });

  test.each<[string, Partial<FakeExchange>, string]>([
    [
      "another issuer",
      { metadata: () => Response.json({ ...METADATA, issuer: "https://x.example" }) },
      "issuer_differs",
    ],
    ["no trust domain", { metadata: () => Response.json({ issuer: ISSUER }) }, "metadata_unreadable"],
    ["no bundle", { bundle: () => new Response(null, { status: 404 }) }, "keys_unreadable"],
  ])("an exchange with %s is refused", async (_, faults, code) => {
    Object.assign(exchange, faults);
    expect(await open()).toMatchObject({ ok: false, error: { code: "unpublished", failure: { code } } });
  });
});

describe("the SVIDs", () => {
  test("of an audience cost one exchange and one line of the log, whoever asks", async () => {
    await open();
    const calls = await Promise.all(Array.from({ length: 1_000 }, () => fetchSvid()));
    expect(new Set(calls.map(({ code }) => code))).toEqual(new Set([0]));
    const svids = calls.map((call) =>
      svidsOf("messages" in call ? (call.messages[0] ?? new Uint8Array()) : new Uint8Array()),
    );
    expect(new Set(svids.map(([one]) => one?.svid)).size).toBe(1);
    expect(asked.filter((path) => path === "/token")).toHaveLength(1);
    expect(log).toEqual([`issued ${AUDIENCE}`]);
  });

  test("that are refused say so with the exchange's words, and cost one exchange for a while", async () => {
    exchange.token = () =>
      Response.json(
        {
          error: "invalid_target",
          error_description: "Not this audience.",
          code: "audience_refused",
          request_id: "r-7",
        },
        { status: 400 },
      );
    await open();
    const calls = await Promise.all(Array.from({ length: 100 }, () => fetchSvid()));
    for (const call of calls) {
      expect(call).toMatchObject({
        code: 7,
        message: "Not this audience. [audience_refused] request_id r-7",
      });
    }
    expect(asked.filter((path) => path === "/token")).toHaveLength(1);
    expect(log).toEqual([`refused ${AUDIENCE} refused`]);
  });

  test("are unavailable while the exchange is", async () => {
    exchange.token = () => new Response(null, { status: 503 });
    await open();
    expect(await fetchSvid()).toMatchObject({ code: 14 });
    expect(log).toEqual([`refused ${AUDIENCE} deadline_exceeded`]);
  });

  test("of another trust domain are not handed on: programs could not verify them", async () => {
    await open("other.example");
    const ended = await fetchSvid();
    expect(ended).toMatchObject({ code: 13, messages: [] });
    expect(log).toEqual([
      `unusable ${AUDIENCE} The exchange issued an SVID of ${TRUST_DOMAIN}, and the bundle here is of other.example.`,
    ]);
  });

  test("whose SPIFFE ID is malformed are not handed on", async () => {
    exchange.token = (form) =>
      Response.json({
        access_token: "a.b.c",
        expires_in: 9,
        spiffe_id: "me",
        audience: form.get("audience"),
        policy: "p",
        config_version: "b1946ac92492",
      });
    await open();
    expect(await fetchSvid()).toMatchObject({ code: 14, messages: [] });
  });
});

test("a port that is taken is named by the error of the system", async () => {
  await open();
  const port = Number(new URL(api?.endpoint ?? "").port);
  const second = await openWorkloadApi(
    { issuer: ISSUER, timeoutMs: 5_000, place: { host: "127.0.0.1", port } },
    {
      svids: () => {
        throw new Error("nobody asks");
      },
      explainNoToken: () => "",
    },
    { ...ports, createServer, pause },
    {
      issued: () => {},
      refused: () => {},
      unusable: () => {},
      bundleChanged: () => {},
      bundleUnread: () => {},
      bug: () => {},
    },
  );
  expect(second).toEqual({ ok: false, error: { code: "not_listening", errno: "EADDRINUSE" } });
});

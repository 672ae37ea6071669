import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Service } from "../../../shared/grpc/call.ts";
import { status } from "../../../shared/grpc/status.ts";
import type { JsonObject } from "../../../shared/json.ts";
import { readKeySet } from "../../../shared/jwk/key-set.ts";
import { err, ok } from "../../../shared/result.ts";
import type { SpiffeId, TrustDomain } from "../../../shared/spiffe-id.ts";
import { type BundleFeed, followBundle } from "../../../shared/workload-api/bundle-feed.ts";
import { workloadService } from "../../../shared/workload-api/service.ts";
import { createClock } from "../../stage/clock.ts";
import { type GrpcServer, pause, startGrpcServer } from "../../stage/grpc-server.ts";
import {
  bundlesOf,
  type CallOptions,
  type Ended,
  field,
  fieldsOf,
  svidRequest,
  svidsOf,
  validateRequest,
  type WorkloadClient,
} from "../../stage/workload-client.ts";
import type { Json } from "../subject-token/craft.ts";
import {
  AUDIENCE,
  claims,
  header,
  NOW,
  publicJwk,
  SIGNERS,
  SPIFFE_ID,
  svid,
  TRUST_DOMAIN,
} from "../verify/craft.ts";

const REFUSED = "https://refused.example.org";
const DOWN = "https://down.example.org";

const published = (...keys: readonly Json[]) => {
  const document = { keys, spiffe_sequence: 1, spiffe_refresh_hint: 60 } as unknown as JsonObject;
  const read = readKeySet(document, "jwt-svid");
  if (!read.ok) throw new Error(read.error);
  return { ...read.value, document };
};
const key = (name: "rsa" | "p256" | "p384" | "p521") => publicJwk(name, { use: "jwt-svid" });
const ALL = [key("rsa"), key("p256"), key("p384"), key("p521")];

let server: GrpcServer;
let client: WorkloadClient;
/** What the exchange publishes now. */
let now: ReturnType<typeof published>;
let clock: ReturnType<typeof createClock>;
let ended: AbortController;
let service: Service;
let bugs: unknown[];

beforeEach(async () => {
  [now, bugs, ended] = [published(...ALL), [], new AbortController()];
  clock = createClock(NOW * 1000);
  const feed: BundleFeed = followBundle(
    TRUST_DOMAIN as TrustDomain,
    now,
    { read: async () => ok(now), pause: clock.pause, onChange: () => {}, onFailure: () => {} },
    ended.signal,
  );
  service = workloadService({
    svidFor: async (audience) => {
      if (audience === REFUSED) return err(status("permissionDenied", "audience_refused: request_id r-1"));
      if (audience === DOWN) return err(status("unavailable", "down"));
      return ok({ spiffeId: SPIFFE_ID as SpiffeId, svid: svid(header(), claims({ aud: audience })) });
    },
    bundle: feed,
    nowMs: clock.nowMs,
    pause,
    onBug: (error) => void bugs.push(error),
  });
  server = await startGrpcServer(service);
  client = await server.connect();
});
afterEach(async () => {
  ended.abort();
  await server.close();
  expect(bugs).toEqual([]);
});

const call = (method: string, message?: Uint8Array, options: CallOptions = {}): Promise<Ended> =>
  client.call(method, message === undefined ? options : { ...options, message });

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !holds(); tries += 1) await sleep(1);
  expect(holds()).toBe(true);
}

const EVERY = [
  "FetchJWTSVID",
  "FetchJWTBundles",
  "ValidateJWTSVID",
  "FetchX509SVID",
  "FetchX509Bundles",
  "FetchWITSVID",
  "Anything",
];

describe("the security header (SPIFFE Workload Endpoint §3)", () => {
  test.each(EVERY)("is demanded by %s", async (method) => {
    const ended = await call(method, svidRequest([AUDIENCE]), { securityHeader: false });
    expect(ended).toMatchObject({ code: 3, trailersOnly: true });
    expect(ended.message).toContain("security header missing from request");
  });

  test.each(["false", "True", "TRUE", "1", "", "true, true"])("with the value %j is none", async (value) => {
    const headers = { "workload.spiffe.io": value };
    expect(await call("FetchJWTSVID", svidRequest([AUDIENCE]), { headers })).toMatchObject({ code: 3 });
  });
});

describe("FetchJWTSVID", () => {
  test("gives one SVID for the audience, with its SPIFFE ID", async () => {
    const { code, messages } = await call("FetchJWTSVID", svidRequest([AUDIENCE]));
    expect({ code, messages: messages.length }).toEqual({ code: 0, messages: 1 });
    const [issued, ...others] = svidsOf(messages[0] ?? new Uint8Array());
    expect([issued?.spiffeId, others]).toEqual([SPIFFE_ID, []]);
    expect(JSON.parse(Buffer.from(issued?.svid.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
      aud: AUDIENCE,
      sub: SPIFFE_ID,
    });
  });

  test("takes the SPIFFE ID of the job where one is asked for", async () => {
    expect(await call("FetchJWTSVID", svidRequest([AUDIENCE], SPIFFE_ID))).toMatchObject({ code: 0 });
  });

  test("takes the same audience twice for one", async () => {
    expect(await call("FetchJWTSVID", svidRequest([AUDIENCE, AUDIENCE]))).toMatchObject({ code: 0 });
  });

  test("skips fields that it does not know", async () => {
    const message = Buffer.concat([field(9, "later"), svidRequest([AUDIENCE]), Buffer.of(0x58, 7)]);
    expect(await call("FetchJWTSVID", message)).toMatchObject({ code: 0 });
  });

  test.each([
    ["no audience", svidRequest([]), 3, "audience must be specified"],
    ["an empty audience", svidRequest([""]), 3, "audience must be specified"],
    ["two audiences", svidRequest([AUDIENCE, "other"]), 3, "has one audience"],
    ["another SPIFFE ID", svidRequest([AUDIENCE], `${SPIFFE_ID}/x`), 7, "no identity issued"],
    ["a malformed SPIFFE ID", svidRequest([AUDIENCE], "spiffe://A/b"), 3, "invalid requested SPIFFE ID"],
    ["an audience that the exchange refuses", svidRequest([REFUSED]), 7, "audience_refused: request_id r-1"],
    ["an exchange that is down", svidRequest([DOWN]), 14, "down"],
    ["a message that is no protobuf", Buffer.from("hello world"), 13, "The message"],
    ["an audience that is not UTF-8", field(1, Uint8Array.of(0xc3, 0x28)), 13, "UTF-8"],
  ])("refuses %s", async (_, message, code, text) => {
    const ended = await call("FetchJWTSVID", message);
    expect(ended).toMatchObject({ code, messages: [], trailersOnly: true });
    expect(ended.message).toContain(text);
  });
});

describe("FetchJWTBundles", () => {
  const keysOf = (message: Uint8Array | undefined): (string | undefined)[] => {
    const bundles = bundlesOf(message ?? new Uint8Array()) as Record<string, { keys: { kid: string }[] }>;
    expect(Object.keys(bundles)).toEqual([`spiffe://${TRUST_DOMAIN}`]);
    return (bundles[`spiffe://${TRUST_DOMAIN}`]?.keys ?? []).map(({ kid }) => kid);
  };

  test("sends the keys at once, as a plain JWK Set", async () => {
    const { messages } = client.start("FetchJWTBundles");
    await until(() => messages.length === 1);
    const bundles = bundlesOf(messages[0] ?? new Uint8Array());
    const withoutUse = ALL.map(({ use: _, ...jwk }) => jwk);
    expect(bundles).toEqual({
      [`spiffe://${TRUST_DOMAIN}`]: { keys: withoutUse.map((jwk) => expect.objectContaining(jwk)) },
    });
    expect(JSON.stringify(bundles)).not.toMatch(/"use"|spiffe_|"d"/);
  });

  test("sends them again after a change, and only then", async () => {
    const { messages } = client.start("FetchJWTBundles");
    await until(() => messages.length === 1);
    await clock.advance(10 * 60_000);
    now = { ...now, document: { ...now.document, spiffe_sequence: 2 } };
    await clock.advance(10 * 60_000);
    now = published(key("p256"));
    await clock.advance(59_999);
    expect(messages).toHaveLength(1);
    await clock.advance(1);
    await until(() => messages.length === 2);
    expect(messages.map(keysOf)).toEqual([["rsa", "p256", "p384", "p521"], ["p256"]]);
  });

  test("sends a bundle without keys: then no SVID of the trust domain holds", async () => {
    const { messages } = client.start("FetchJWTBundles");
    await until(() => messages.length === 1);
    now = published();
    await clock.advance(60_000);
    await until(() => messages.length === 2);
    expect(keysOf(messages[1])).toEqual([]);
  });

  test("leaves out keys that nobody should use", async () => {
    const { messages } = client.start("FetchJWTBundles");
    await until(() => messages.length === 1);
    now = published(key("p256"), { ...key("rsa"), use: "sig" }, { ...publicJwk("weak"), use: "jwt-svid" });
    await clock.advance(60_000);
    await until(() => messages.length === 2);
    expect(keysOf(messages[1])).toEqual(["p256"]);
  });

  test("serves 200 streams at once, and each of them gets each change", async () => {
    const streams = Array.from({ length: 200 }, () => client.start("FetchJWTBundles"));
    await until(() => streams.every(({ messages }) => messages.length === 1));
    now = published(key("p256"));
    await clock.advance(60_000);
    await until(() => streams.every(({ messages }) => messages.length === 2));
  });

  test("gives a client that did not read meanwhile the newest keys, and not all that there were", async () => {
    const method = service.methodOf("/SpiffeWorkloadAPI/FetchJWTBundles", { "workload.spiffe.io": "true" });
    if (!method.ok) throw new Error(method.error.message);
    const sent: Uint8Array[] = [];
    let read = (): void => {};
    const send = async (message: Uint8Array): Promise<void> => {
      sent.push(message);
      await new Promise<void>((resolve) => {
        read = resolve;
      });
    };
    void method.value(new Uint8Array(), { send, signal: ended.signal });
    for (const name of ["rsa", "p384", "p521", "p256"] as const) {
      now = published(key(name));
      await clock.advance(60_000);
    }
    read();
    await until(() => sent.length === 2);
    read();
    await sleep(5);
    expect(sent.map(keysOf)).toEqual([["rsa", "p256", "p384", "p521"], ["p256"]]);
  });
});

describe("ValidateJWTSVID", () => {
  test("gives the SPIFFE ID and all claims, with the audience as a list", async () => {
    const token = svid(header(), claims({ nested: { list: [1, true, null, "x"] } }));
    const { code, messages } = await call("ValidateJWTSVID", validateRequest(AUDIENCE, token));
    expect(code).toBe(0);
    const [id, struct] = fieldsOf(messages[0] ?? new Uint8Array());
    expect(id).toEqual([1, Buffer.from(SPIFFE_ID)]);
    const names = fieldsOf(struct?.[1] ?? new Uint8Array()).map(([, entry]) =>
      fieldsOf(entry)[0]?.[1].toString(),
    );
    expect(names).toEqual(["iss", "sub", "aud", "iat", "exp", "jti", "nested"]);
    const list = Buffer.concat([field(1, "aud"), field(2, field(6, field(1, field(3, AUDIENCE))))]);
    expect(Buffer.from(struct?.[1] ?? []).includes(list)).toBe(true);
  });

  test.each(Object.entries(SIGNERS))("takes %s", async (alg, [kid, signer]) => {
    const token = svid(header({ alg, kid }), claims(), signer);
    expect(await call("ValidateJWTSVID", validateRequest(AUDIENCE, token))).toMatchObject({ code: 0 });
  });

  const [first = "", second = "", third = ""] = svid().split(".");
  test.each([
    ["no audience", "", svid(), "audience must be specified"],
    ["no SVID", AUDIENCE, "", "svid must be specified"],
    ["another audience", "other", svid(), "(claim_aud)"],
    ["an SVID that has expired", AUDIENCE, svid(header(), claims({ exp: NOW })), "(expired)"],
    ["another signature", AUDIENCE, `${first}.${second}.${third.slice(0, -6)}AAAAAA`, "("],
    [
      "another trust domain",
      AUDIENCE,
      svid(header(), claims({ sub: "spiffe://other.example/x" })),
      "(trust_domain_differs)",
    ],
    ["a key that is not in the bundle", AUDIENCE, svid(header({ kid: "stranger" })), "(key_not_published)"],
    ["an X.509 request", AUDIENCE, "MII", "(malformed)"],
  ])("refuses %s", async (_, audience, token, text) => {
    const ended = await call("ValidateJWTSVID", validateRequest(audience, token));
    expect(ended).toMatchObject({ code: 3, messages: [] });
    expect(ended.message).toContain(text);
    expect(ended.message).not.toContain(second);
  });

  test("judges by the keys of now", async () => {
    expect(await call("ValidateJWTSVID", validateRequest(AUDIENCE, svid()))).toMatchObject({ code: 0 });
    now = published(key("rsa"));
    await clock.advance(60_000);
    expect(await call("ValidateJWTSVID", validateRequest(AUDIENCE, svid()))).toMatchObject({ code: 3 });
  });
});

describe("the health of the server (grpc.health.v1)", () => {
  test.each(["", "SpiffeWorkloadAPI"])("is asked for %j without the security header", async (name) => {
    const message = name === "" ? new Uint8Array() : field(1, name);
    const ended = await call("/grpc.health.v1.Health/Check", message, { securityHeader: false });
    expect(ended).toMatchObject({ code: 0, messages: [Uint8Array.of(0x08, 0x01)] });
  });

  test("is not found for another service", async () => {
    expect(await call("/grpc.health.v1.Health/Check", field(1, "Other"))).toMatchObject({ code: 5 });
  });

  test("is refused to a message that is no protobuf", async () => {
    expect(await call("/grpc.health.v1.Health/Check", Buffer.from("hello"))).toMatchObject({ code: 13 });
  });
});

describe("other profiles and methods", () => {
  test.each(["FetchX509SVID", "FetchX509Bundles"])(
    "%s is turned off, and the text says why",
    async (method) => {
      const ended = await call(method);
      expect(ended).toMatchObject({ code: 7, messages: [], trailersOnly: true });
      expect(ended.message).toContain("JWT-SVIDs only");
    },
  );

  test.each([
    "FetchWITSVID",
    "FetchWITBundles",
    "Anything",
    "",
    "FetchJWTSVID/",
    "fetchjwtsvid",
    "__proto__",
  ])("%j is not implemented", async (method) => {
    expect(await call(`/SpiffeWorkloadAPI/${method}`)).toMatchObject({ code: 12 });
  });

  test.each([
    "/spiffe.workload.SpiffeWorkloadAPI/FetchJWTSVID",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/",
    "//",
  ])("%s is no service here", async (path) => {
    expect(await call(path)).toMatchObject({ code: 12 });
  });
});

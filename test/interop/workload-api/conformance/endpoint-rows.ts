import { deepStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import { AUDIENCE, SPIFFE_ID, TRUST_DOMAIN } from "../../../shared/verify/craft.ts";
import {
  bundlesOf,
  fieldsOf,
  svidRequest,
  svidsOf,
  validateRequest,
} from "../../../stage/workload-client.ts";
import { expectCode, INVALID_ARGUMENT, OK, PERMISSION_DENIED, type Row, UNIMPLEMENTED } from "./row.ts";
import { token, VALIDATOR } from "./world.ts";

const METHODS = [
  "FetchX509SVID",
  "FetchX509Bundles",
  "FetchJWTSVID",
  "FetchJWTBundles",
  "ValidateJWTSVID",
] as const;

const none = new Uint8Array();

const ENDPOINT: readonly Row[] = [
  {
    clause: "WE §3",
    level: "MUST",
    what: "refuse a request without the metadata `workload.spiffe.io: true`: InvalidArgument",
    check: async ({ call }) => {
      for (const method of METHODS) {
        for (const headers of [{}, { "workload.spiffe.io": "True" }, { "workload.spiffe.io": "1" }]) {
          expectCode(await call(method, none, headers), INVALID_ARGUMENT);
        }
      }
    },
  },
  {
    clause: "WE §3.1, §5",
    level: "MUST",
    what: "demand neither TLS nor a proof of who the client is",
    check: async ({ fetchSvid }) => expectCode(await fetchSvid([AUDIENCE]), OK),
  },
  {
    clause: "WE §7",
    level: "MUST",
    what: "add no method to the service of the Workload API",
    check: async ({ call }) => expectCode(await call("FetchEverything", none), UNIMPLEMENTED),
  },
  {
    clause: "WE §7",
    level: "SHOULD",
    what: "support gRPC Server Reflection",
    deviation: "it does not: clients then assume the Workload API alone (WE §7), and that is what there is",
    check: async ({ call }) =>
      expectCode(
        await call("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", none),
        UNIMPLEMENTED,
      ),
  },
];

const PROFILES: readonly Row[] = [
  {
    clause: "WA §1, §5.2",
    level: "MUST",
    what: "support the X.509-SVID profile, which an operator may disable: PermissionDenied",
    check: async ({ call }) => {
      for (const method of ["FetchX509SVID", "FetchX509Bundles"]) {
        const refused = await call(method, none);
        expectCode(refused, PERMISSION_DENIED);
        isTrue(refused.message.includes("X.509"), "the message says why");
      }
    },
  },
  {
    clause: "WA §7",
    level: "MUST",
    what: "respond Unimplemented where the WIT-SVID profile is not supported",
    check: async ({ call }) => {
      for (const method of ["FetchWITSVID", "FetchWITBundles"]) {
        expectCode(await call(method, none), UNIMPLEMENTED);
      }
    },
  },
];

const MESSAGES: readonly Row[] = [
  {
    clause: "WA §4.3",
    level: "MUST",
    what: "send the first message of a stream at once, and the full set in each message",
    check: async ({ client, publish, keys }) => {
      const stream = client.start("FetchJWTBundles");
      await arrived(() => stream.messages.length === 1);
      await publish(keys.slice(0, 1));
      await arrived(() => stream.messages.length === 2);
      deepStrictEqual(stream.messages.map(kidsOf), [["rsa", "p256", "p384", "p521"], ["rsa"]]);
      stream.stream.close();
    },
  },
  {
    clause: "WA §4.3",
    level: "SHOULD",
    what: "send another message only where something has changed",
    check: async ({ client, publish, keys }) => {
      const stream = client.start("FetchJWTBundles");
      await arrived(() => stream.messages.length === 1);
      for (let round = 0; round < 5; round += 1) await publish(keys);
      await publish(keys.slice(1, 2));
      await arrived(() => stream.messages.length > 1);
      deepStrictEqual(stream.messages.map(kidsOf).slice(1), [["p256"]]);
      stream.stream.close();
    },
  },
  {
    clause: "WA §4.5",
    level: "SHOULD",
    what: "respond InvalidArgument where a mandatory field is missing",
    check: async ({ call }) => {
      const messages = [
        ["FetchJWTSVID", svidRequest([])],
        ["FetchJWTSVID", svidRequest([""])],
        ["ValidateJWTSVID", validateRequest("", token())],
        ["ValidateJWTSVID", validateRequest(VALIDATOR, "")],
      ] as const;
      for (const [method, message] of messages) expectCode(await call(method, message), INVALID_ARGUMENT);
    },
  },
];

const JWT_PROFILE: readonly Row[] = [
  {
    clause: "WA §6.2.1",
    level: "MUST",
    what: "put the audience of the request into the SVID, and return the SVIDs of all identities of the job",
    check: async ({ fetchSvid }) => {
      const fetched = await fetchSvid([AUDIENCE]);
      const [issued, ...others] = svidsOf(fetched.messages[0] ?? none);
      const [, claims = ""] = (issued?.svid ?? "").split(".");
      strictEqual(JSON.parse(Buffer.from(claims, "base64url").toString()).aud, AUDIENCE);
      deepStrictEqual([issued?.spiffeId, others], [SPIFFE_ID, []]);
    },
  },
  {
    clause: "WA §6.2.1",
    level: "SHOULD",
    what: "respond PermissionDenied where the job does not have the SPIFFE ID of the request",
    check: async ({ fetchSvid }) => {
      expectCode(await fetchSvid([AUDIENCE], SPIFFE_ID), OK);
      expectCode(await fetchSvid([AUDIENCE], `spiffe://${TRUST_DOMAIN}/other`), PERMISSION_DENIED);
    },
  },
  {
    clause: "WA §6.1",
    level: "MAY",
    what: "issue an SVID for several audiences",
    deviation:
      "it issues one for each audience: the request is refused with InvalidArgument (JS §7.2 advises a single audience)",
    check: async ({ fetchSvid }) => expectCode(await fetchSvid([AUDIENCE, "another"]), INVALID_ARGUMENT),
  },
  {
    clause: "WA §6.2.2",
    level: "MUST",
    what: "give the bundle of the trust domain as a JWK Set, by the SPIFFE ID of the trust domain, with no key of another use",
    check: async ({ client }) => {
      const stream = client.start("FetchJWTBundles");
      await arrived(() => stream.messages.length === 1);
      const bundles = bundlesOf(stream.messages[0] ?? none);
      deepStrictEqual(Object.keys(bundles), [`spiffe://${TRUST_DOMAIN}`]);
      deepStrictEqual(kidsOf(stream.messages[0] ?? none), ["rsa", "p256", "p384", "p521"]);
      stream.stream.close();
    },
  },
  {
    clause: "WA §6.2.3",
    level: "MUST",
    what: "return the SPIFFE ID and the claims of a valid SVID",
    check: async ({ validate }) => {
      const valid = await validate(token());
      const fields = new Map(fieldsOf(valid.messages[0] ?? none));
      strictEqual(fields.get(1)?.toString(), SPIFFE_ID);
      for (const name of ["sub", "aud", "exp"]) isTrue(fields.get(2)?.includes(name), `no claim ${name}`);
    },
  },
];

export const ENDPOINT_ROWS: readonly Row[] = [...ENDPOINT, ...PROFILES, ...MESSAGES, ...JWT_PROFILE];

function kidsOf(message: Uint8Array): readonly string[] {
  const [jwks] = Object.values(bundlesOf(message)) as [{ keys: readonly { kid: string }[] }];
  return jwks.keys.map(({ kid }) => kid);
}

/** Messages come by the event loop alone: client and server are in this process. */
async function arrived(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000 && !holds(); turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  isTrue(holds(), "no message came");
}

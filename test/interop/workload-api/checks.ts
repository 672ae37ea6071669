import { deepStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import type { Answer, Workload } from "./workload.ts";

/** What a workload is given: the exchange, and what its policy grants to the job. */
export interface Job {
  readonly exchange: string;
  readonly trustDomain: string;
  readonly spiffeId: string;
  /** An audience whose SVID is signed with ES256. */
  readonly audience: string;
  /** An audience whose SVID is signed with RS256. */
  readonly rsaAudience: string;
  /** An audience that the policy does not grant. */
  readonly refusedAudience: string;
}

/** One thing that is expected of a workload. It throws where something else happens. */
export interface Check {
  readonly name: string;
  /** @returns `not offered` where the program has no such command. */
  readonly run: (workload: Workload, job: Job) => Promise<"holds" | "not offered">;
}

export const CHECKS: readonly Check[] = [
  {
    name: "gets an ES256 SVID, which a JOSE library verifies with the published keys",
    run: (workload, job) => getsSvid(workload, job, job.audience, "ES256"),
  },
  {
    name: "gets an RS256 SVID for a second audience",
    run: (workload, job) => getsSvid(workload, job, job.rsaAudience, "RS256"),
  },
  {
    name: "gets the same SVID again while it is fresh",
    run: async (workload, { audience }) => {
      strictEqual(await svidFor(workload, audience), await svidFor(workload, audience));
      return "holds";
    },
  },
  {
    name: "gets the published keys as the bundle of the trust domain",
    run: (workload, job) =>
      expectFound(workload.ask("bundles"), async (bundles) => {
        deepStrictEqual(bundles, { [`spiffe://${job.trustDomain}`]: await publishedKids(job) });
      }),
  },
  {
    name: "accepts the SVID itself, with the bundle of its stream",
    run: async (workload, { audience, spiffeId }) =>
      expectFound(workload.ask("judge", audience, await svidFor(workload, audience)), async ({ id }) =>
        strictEqual(id, spiffeId),
      ),
  },
  {
    name: "refuses, by itself, an SVID of another audience",
    run: async (workload, { audience, rsaAudience }) => {
      const answer = await workload.ask("judge", rsaAudience, await svidFor(workload, audience));
      if (answer === undefined) return "not offered";
      isTrue("code" in answer, "the SVID was accepted");
      return "holds";
    },
  },
  {
    name: "lets the server validate the SVID",
    run: async (workload, { audience, spiffeId }) =>
      expectFound(workload.ask("validate", audience, await svidFor(workload, audience)), async ({ id }) =>
        strictEqual(id, spiffeId),
      ),
  },
  {
    name: "is told that an SVID of another audience is not valid: InvalidArgument",
    run: async (workload, { audience, rsaAudience }) =>
      expectError(
        workload.ask("validate", rsaAudience, await svidFor(workload, audience)),
        "InvalidArgument",
      ),
  },
  {
    name: "is told why the exchange refuses, with the request's id: PermissionDenied",
    run: (workload, { refusedAudience }) =>
      expectError(workload.ask("fetch", refusedAudience), "PermissionDenied", /audience_refused.*request_id/),
  },
  {
    name: "is told that an SVID has one audience: InvalidArgument",
    run: (workload, { audience, rsaAudience }) =>
      expectError(workload.ask("fetch", `${audience},${rsaAudience}`), "InvalidArgument", /one audience/),
  },
  {
    name: "is told that the job has another SPIFFE ID: PermissionDenied",
    run: (workload, { audience, trustDomain }) =>
      expectError(workload.ask("fetch", audience, `spiffe://${trustDomain}/other`), "PermissionDenied"),
  },
  {
    name: "is told that there is no X.509-SVID: PermissionDenied",
    run: (workload) => expectError(workload.ask("x509"), "PermissionDenied", /X\.509/),
  },
  {
    name: "is told that there is no X.509 bundle: PermissionDenied",
    run: (workload) => expectError(workload.ask("x509-bundles"), "PermissionDenied", /X\.509/),
  },
  {
    name: "is told that there is no WIT-SVID: Unimplemented",
    run: (workload) => expectError(workload.ask("wit"), "Unimplemented"),
  },
];

/** The SVID that the workload gets for an audience. */
export async function svidFor(workload: Workload, audience: string): Promise<string> {
  const answer = await workload.ask("fetch", audience);
  isTrue(answer !== undefined && "ok" in answer, `no SVID for ${audience}: ${JSON.stringify(answer)}`);
  return String(answer.ok["token"]);
}

/** The key ids that the exchange publishes, sorted. */
export async function publishedKids({ exchange }: Job): Promise<readonly string[]> {
  const response = await fetch(`${exchange}/.well-known/spiffe-bundle.json`);
  const { keys } = (await response.json()) as { keys: readonly { kid: string }[] };
  return keys.map(({ kid }) => kid).sort();
}

async function getsSvid(workload: Workload, job: Job, audience: string, alg: string): Promise<"holds"> {
  const token = await svidFor(workload, audience);
  const keys = createRemoteJWKSet(new URL(`${job.exchange}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(token, keys, { issuer: job.exchange, audience });
  strictEqual(payload.sub, job.spiffeId);
  strictEqual(decodeProtectedHeader(token).alg, alg);
  return "holds";
}

async function expectFound(
  asked: Promise<Answer | undefined>,
  expectIn: (found: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<"holds" | "not offered"> {
  const answer = await asked;
  if (answer === undefined) return "not offered";
  isTrue("ok" in answer, JSON.stringify(answer));
  await expectIn(answer.ok);
  return "holds";
}

async function expectError(
  asked: Promise<Answer | undefined>,
  code: string,
  message = /./,
): Promise<"holds" | "not offered"> {
  const answer = await asked;
  if (answer === undefined) return "not offered";
  isTrue("code" in answer, "it was no error");
  strictEqual(plainCode(answer.code), plainCode(code));
  isTrue(message.test(answer.message), `the message is ${answer.message}`);
  return "holds";
}

/** Each library writes a code of gRPC in its own way: `PERMISSION_DENIED`, `permission_denied`, `PermissionDenied`. */
function plainCode(code: string): string {
  return code.replaceAll("_", "").toLowerCase();
}

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { now } from "../../local/clock.ts";
import { OUR_ISSUER } from "../../local/trust-document.ts";
import { compact, publicJwk, rsaKey } from "../shared/subject-token/craft.ts";
import { type Arena, openArena } from "./arena.ts";
import { CI, ciToken, jobClaims, TWIN, VAULT } from "./issuers.ts";

const OTHER = "https://other.example.org";
const key = publicJwk(rsaKey, { kid: "k1" });

let arena: Arena;
beforeAll(async () => {
  arena = await openArena(
    { [CI]: [key], [TWIN]: [key] },
    {
      main: "test/stage/lab-main.ts",
      trust: (document) => ({
        ...document,
        allowedIssuers: document.allowedIssuers.map((issuer) =>
          issuer.id === "ci"
            ? { ...issuer, replay: "per-audience" }
            : issuer.id === "twin"
              ? { ...issuer, replay: "off" }
              : issuer,
        ),
        policies: document.policies.map((policy) =>
          policy.issuer === "ci" ? { ...policy, audiences: [VAULT, OTHER] } : policy,
        ),
      }),
    },
  );
});
afterAll(() => arena.close());
beforeEach(async () => {
  await arena.legitimate({ "x-lab-faults": "none", "x-lab-now": "real" });
});

const github = () => arena.lab.github.token(OUR_ISSUER, now());
const twin = () => compact({ alg: "RS256", kid: "k1" }, jobClaims(TWIN));
const outcome = async (sent: ReturnType<Arena["send"]>) => (await sent).code ?? (await sent).status;

test("once: one SVID for one token, for whatever audience", async () => {
  const token = await github();
  expect(await outcome(arena.send(token))).toBe(200);
  expect(await outcome(arena.send(token))).toBe("token_replayed");
  expect(await outcome(arena.send(token, {}, { audience: "api://AzureADTokenExchange" }))).toBe(
    "token_replayed",
  );
});

test("per-audience: one SVID for each audience", async () => {
  const token = ciToken();
  expect(await outcome(arena.send(token))).toBe(200);
  expect(await outcome(arena.send(token, {}, { audience: OTHER }))).toBe(200);
  expect(await outcome(arena.send(token))).toBe("token_replayed");
  expect(await outcome(arena.send(token, {}, { audience: OTHER }))).toBe("token_replayed");
});

test("off: a token may be used again, with or without jti, and nobody is asked", async () => {
  const token = twin();
  const faults = { "x-lab-faults": "replay" };
  for (let i = 0; i < 3; i++) expect(await outcome(arena.send(token, faults))).toBe(200);
  const nameless = compact({ alg: "RS256", kid: "k1" }, jobClaims(TWIN, { jti: undefined }));
  expect(await outcome(arena.send(nameless, faults))).toBe(200);
});

test("a token without jti is of no use where each may be used once", async () => {
  expect(await outcome(arena.send(ciToken({}, { jti: undefined })))).toBe("token_claim_missing");
});

describe("what is refused uses nothing up", () => {
  test.each<[string, object, string | number]>([
    [
      "an audience that the policy does not list",
      { audience: "https://nowhere.example" },
      "audience_refused",
    ],
    ["a policy that there is not", { policy: "nobody" }, "policy_unknown"],
    ["a dry run", { dryRun: true }, 200],
  ])("%s", async (_, more, expected) => {
    const token = await github();
    const first = await arena.send(token, {}, more);
    expect(first.code ?? first.status).toBe(expected);
    expect(first.body).not.toHaveProperty("access_token");
    expect(await outcome(arena.send(token))).toBe(200);
  });

  test("a signer that is away", async () => {
    const kv = await arena.lab.kv();
    const ring = String(await kv.get("ring"));
    const token = await github();
    await kv.delete("ring");
    const cold = { "x-lab-isolate": "without-keys" };
    expect(await outcome(arena.send(token, { ...cold, "x-lab-faults": "keys" }))).toBe(
      "signing_keys_unavailable",
    );
    await kv.put("ring", ring);
    expect(await outcome(arena.send(token, { "x-lab-isolate": "default", "x-lab-faults": "none" }))).toBe(
      200,
    );
  });
});

test("a guard that does not answer is a 503 and no SVID, and the token is good once it does", async () => {
  const token = await github();
  const refused = await arena.send(token, { "x-lab-faults": "replay" });
  expect([refused.status, refused.code]).toEqual([503, "replay_guard_unavailable"]);
  expect(refused.headers.get("retry-after")).toBe("10");
  expect(refused.body).not.toHaveProperty("access_token");
  expect(await outcome(arena.send(token, { "x-lab-faults": "none" }))).toBe(200);
});

test("a token stays used for as long as any clock takes it", async () => {
  const at = now();
  const token = await arena.lab.github.token(OUR_ISSUER, at);
  expect(await outcome(arena.send(token))).toBe(200);
  expect(await outcome(arena.send(token, { "x-lab-now": String(at + 359) }))).toBe("token_replayed");
  expect(await outcome(arena.send(token, { "x-lab-now": String(at + 360) }))).toBe("token_expired");
});

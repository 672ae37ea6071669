import { describe, expect, test } from "vitest";
import type { Call } from "../../../worker/http/call.ts";
import { createDocumentCache } from "../../../worker/http/prepared-document.ts";
import { route } from "../../../worker/http/router.ts";

/** Sends one request to an exchange whose issuer has a path, or to one without a trust document. */
async function send(path: string, issuerPath: string | null = "", method = "GET") {
  const trust =
    issuerPath === null
      ? { ok: false, error: { code: "not_configured", detail: "There is none." } }
      : {
          ok: true,
          value: {
            version: "v",
            issuerPath,
            since: 0,
            config: { issuer: "", keys: { algorithms: [] }, applications: new Map() },
          },
        };
  const request = new Request(new URL(`https://x.example${path}`), { method });
  const services = { documents: createDocumentCache() };
  const call = { request, requestId: "r-1", services, trust, now: 0, background: () => undefined };
  const response = await route(call as unknown as Call);
  const { code = "served" } = (await response.json()) as { code?: string };
  return { code, allow: response.headers.get("allow") };
}

const OPENID = "/.well-known/openid-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";

describe("a path is found exactly, but for slashes at its end", () => {
  test.each<[string, string, string]>([
    [OPENID, "", "served"],
    [`${OPENID}/`, "", "served"],
    [`${OPENID}///`, "", "served"],
    [`${OPENID}/x`, "", "not_found"],
    [`/${OPENID}`, "", "not_found"],
    [OPENID.toUpperCase(), "", "not_found"],
    [OPENID.replace("d-c", "d%2Dc"), "", "not_found"],
    ["/", "", "not_found"],
    ["/constructor", "", "not_found"],
    [`/ci/svid${OPENID}`, "/ci/svid", "served"],
    [`/ci/svid${OPENID}/`, "/ci/svid", "served"],
    [`${OPENID}/ci/svid`, "/ci/svid", "served"],
    [`${OAUTH}/ci/svid`, "/ci/svid", "served"],
    [OPENID, "/ci/svid", "served"],
    [`/ci/svidx${OPENID}`, "/ci/svid", "not_found"],
    [`/ci${OPENID}`, "/ci/svid", "not_found"],
    ["/ci/svid", "/ci/svid", "not_found"],
    ["/ci/svid/", "/ci/svid", "not_found"],
  ])("%s where the issuer's path is '%s'", async (path, issuerPath, expected) => {
    expect((await send(path, issuerPath)).code).toBe(expected);
  });

  test("in a time that grows with the path, not with its square", async () => {
    const started = performance.now();
    expect((await send(`${"/".repeat(500_000)}x`)).code).toBe("not_found");
    // A square of half a million would take minutes.
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

test("another method is refused with the ones that there are, with a trust document or without one", async () => {
  const other = { code: "method_not_allowed", allow: "GET, HEAD" };
  expect(await send(OPENID, "", "POST")).toEqual(other);
  expect(await send(OPENID, null, "DELETE")).toEqual(other);
  expect(await send("/token", "", "GET")).toEqual({ code: "method_not_allowed", allow: "POST" });
  expect(await send("/ci/token", "/ci", "HEAD")).toEqual({ code: "method_not_allowed", allow: "POST" });
  expect(await send(OPENID, null)).toEqual({ code: "not_configured", allow: null });
});

test("without a trust document no path is unknown: its host may be an application's", async () => {
  expect(await send("/any", null)).toEqual({ code: "not_configured", allow: null });
  expect(await send("/any", "")).toEqual({ code: "not_found", allow: null });
});

test.each([
  ["two hosts, of which the runtime makes one URL", "https://a.example, b.example/token"],
  ["a host that is none", "https://[/token"],
])("%s is refused, and no defect", async (_, url) => {
  const request = { url, method: "POST", headers: new Headers() };
  const trust = { ok: false, error: { code: "not_configured", detail: "There is none." } };
  const response = await route({ request, requestId: "r-1", trust } as unknown as Call);
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
    400,
    "request_target_refused",
  ]);
});

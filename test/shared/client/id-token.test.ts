import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../../shared/client/fetch.ts";
import {
  ID_TOKEN_PROTOCOLS,
  type IdTokenProtocol,
  idTokenService,
  requestIdToken,
} from "../../../shared/client/id-token.ts";
import { err, ok } from "../../../shared/result.ts";

const AUDIENCE = "https://svid.example.org";
const { github, azure } = ID_TOKEN_PROTOCOLS;

const environment = (protocol: IdTokenProtocol, url: string) => ({
  [protocol.urlVariable]: url,
  [protocol.bearerVariable]: " job-bearer\n",
});

async function request(
  protocol: IdTokenProtocol,
  respond: () => Response | Promise<Response> = () => Response.json({ [protocol.member]: "id.to.ken" }),
  url = "https://ci.example.org/token?api-version=2.0",
) {
  const service = idTokenService(protocol, environment(protocol, url));
  if (service === undefined) throw new Error("the environment names a service");
  const sent: { url: string; request: HttpRequest }[] = [];
  const ports = {
    nowMs: () => Date.UTC(2026, 10, 25),
    fetch: async (url: string, request: HttpRequest) => {
      sent.push({ url, request });
      return respond();
    },
  };
  const { signal } = new AbortController();
  return { outcome: await requestIdToken(service, AUDIENCE, ports, signal), sent: sent[0], signal };
}

describe("the environment names a token service", () => {
  test.each([
    ["nothing", {}],
    ["no bearer token", { ACTIONS_ID_TOKEN_REQUEST_URL: "https://ci.example.org/" }],
    [
      "an empty bearer token",
      { ...environment(github, "https://ci.example.org/"), [github.bearerVariable]: " " },
    ],
    ["no URL", environment(github, "")],
    ["what is no URL", environment(github, "token service")],
    ["the service of another provider", environment(azure, "https://dev.azure.com/")],
  ])("not with %s", (_, env) => {
    expect(idTokenService(github, env)).toBeUndefined();
  });

  test("with an URL and a bearer token, without the white space around them", () => {
    expect(idTokenService(azure, environment(azure, " https://dev.azure.com/x "))).toEqual({
      protocol: azure,
      url: "https://dev.azure.com/x",
      bearer: "job-bearer",
    });
  });
});

describe("the request", () => {
  test("of GitHub names the audience beside the parameters of the URL", async () => {
    const { sent, signal } = await request(github);
    expect(sent).toEqual({
      url: "https://ci.example.org/token?api-version=2.0&audience=https%3A%2F%2Fsvid.example.org",
      request: {
        method: "GET",
        headers: { accept: "application/json", authorization: "Bearer job-bearer" },
        redirect: "manual",
        signal,
      },
    });
  });

  test("of Forgejo, whose URL has no query, is the same", async () => {
    const { sent } = await request(github, undefined, "https://forgejo.example.org/api/actions/idtoken");
    expect(sent?.url).toBe(
      "https://forgejo.example.org/api/actions/idtoken?audience=https%3A%2F%2Fsvid.example.org",
    );
  });

  test("of Azure DevOps is a POST whose audience cannot be chosen", async () => {
    const { sent } = await request(azure, undefined, "https://dev.azure.com/o/_apis/oidctoken");
    expect(sent).toMatchObject({
      url: "https://dev.azure.com/o/_apis/oidctoken?api-version=7.1",
      request: {
        method: "POST",
        headers: { authorization: "Bearer job-bearer", "content-type": "application/json" },
        body: "",
      },
    });
  });
});

describe("the response", () => {
  test.each([github, azure])("with the token in $member is a success", async (protocol) => {
    expect((await request(protocol)).outcome).toEqual(ok("id.to.ken"));
  });

  test.each<[string, () => Response]>([
    ["the member of the other protocol", () => Response.json({ oidcToken: "id.to.ken" })],
    ["an empty token", () => Response.json({ value: "" })],
    ["a token that is not text", () => Response.json({ value: 7 })],
    ["a page", () => new Response("<title>Welcome</title>")],
    ["a flood", () => Response.json({ value: "x".repeat(65_536) })],
  ])("with %s is malformed, and final", async (_, respond) => {
    expect((await request(github, respond)).outcome).toEqual(
      err({ retryable: false, failure: { code: "id_token_malformed" } }),
    );
  });

  test.each([
    [302, false],
    [401, false],
    [429, true],
    [503, true],
  ])("with status %i is a refusal that may pass: %j", async (status, retryable) => {
    expect((await request(github, () => new Response("{}", { status }))).outcome).toEqual(
      err({ retryable, failure: { code: "id_token_refused", status } }),
    );
  });

  test("may say when to ask again", async () => {
    const busy = () => new Response(null, { status: 429, headers: { "retry-after": "3" } });
    expect((await request(azure, busy)).outcome).toMatchObject(err({ retryAfterMs: 3000 }));
  });

  test.each([
    ["ECONNREFUSED", "refused", true],
    ["CERT_HAS_EXPIRED", "tls", false],
  ])("that does not come for %s is a network error", async (errno, cause, retryable) => {
    const fail = async () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: errno }) });
    };
    expect((await request(github, fail)).outcome).toEqual(
      err({ retryable, failure: { code: "id_token_unreachable", cause, errno } }),
    );
  });
});

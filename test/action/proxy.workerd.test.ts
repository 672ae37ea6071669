import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TlsPair } from "../../local/serve.ts";
import { createProxy, type HttpProxy } from "../stage/proxy.ts";
import type { Step } from "../stage/runner.ts";
import { startWorld, tokenVariables, type World } from "../stage/world.ts";

/** Names that only the proxy knows: a step that goes around it finds nobody. */
const EXCHANGE = "exchange.internal.test";
const TOKENS = "tokens.internal.test";
const VAULT = "https://vault.example.org";

let folder: string;
let authority: string;
let world: World;
let proxy: HttpProxy;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "authority-"));
  authority = join(folder, "ca.pem");
  const tls = await createCertificate();
  writeFileSync(authority, tls.cert);
  world = await startWorld({ issuer: `https://${EXCHANGE}`, tls });
  const ports: Record<string, number> = { [EXCHANGE]: world.front.port, [TOKENS]: world.tokens.port };
  proxy = await createProxy((host) => ports[host]);
});
afterAll(async () => {
  proxy.close();
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

async function createCertificate(): Promise<TlsPair> {
  const made = await generate([{ name: "commonName", value: "internal.test" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [EXCHANGE, TOKENS].map((value) => ({ type: 2 as const, value })) },
    ],
  });
  return { key: made.private, cert: made.cert };
}

async function step(env: Record<string, string>, inputs: Record<string, string> = {}): Promise<Step> {
  proxy.tunnels.length = 0;
  proxy.forwards.length = 0;
  proxy.credentials.length = 0;
  const job = world.job({
    ...tokenVariables(`https://${TOKENS}`, world.exchange.github.requestToken),
    NODE_EXTRA_CA_CERTS: authority,
    ...env,
  });
  const ran = await job.step({
    inputs: { "exchange-url": world.url, audience: VAULT, ...inputs },
    time: "held",
  });
  await job.post(ran);
  return ran;
}

describe("behind a proxy", () => {
  test.each([
    ["HTTPS_PROXY", () => ({ HTTPS_PROXY: proxy.url })],
    ["https_proxy", () => ({ https_proxy: proxy.url })],
    ["a proxy without a scheme", () => ({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` })],
    ["a no_proxy of others", () => ({ HTTPS_PROXY: proxy.url, NO_PROXY: "elsewhere.test,.example.org" })],
  ])("%s: both services are asked through it, by CONNECT", async (_, env) => {
    const ran = await step(env());
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(proxy.tunnels).toEqual([`${TOKENS}:443`, `${EXCHANGE}:443`]);
    expect(proxy.forwards).toEqual([]);
  });

  test("the documents that verify the SVID are read through it, too", async () => {
    const ran = await step({ HTTPS_PROXY: proxy.url }, { verify: "true" });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(proxy.tunnels).toHaveLength(4);
  });

  test("it gets its user and password, decoded", async () => {
    const ran = await step({ HTTPS_PROXY: `http://job:p%40ss@127.0.0.1:${proxy.port}` });
    expect(ran.code).toBe(0);
    const expected = `Basic ${Buffer.from("job:p@ss").toString("base64")}`;
    expect(proxy.credentials).toEqual([expected, expected]);
    expect(ran.stdout).not.toContain("p@ss");
  });

  test("no_proxy keeps a host and those below it from it", async () => {
    const ran = await step({ HTTPS_PROXY: proxy.url, NO_PROXY: "internal.test" });
    expect(ran.code).toBe(1);
    expect(proxy.tunnels).toEqual([]);
    expect(ran.stdout).toContain("id_token_unreachable");
  });

  test("a token service on plain http is asked through http_proxy", async () => {
    const plain = await world.openTokens();
    const other = await createProxy(() => plain.port);
    const ran = await step({
      ...tokenVariables("http://forgejo.internal.test", world.exchange.github.requestToken),
      HTTP_PROXY: other.url,
      HTTPS_PROXY: proxy.url,
    });
    other.close();
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(other.forwards).toEqual([expect.stringMatching(/^http:\/\/forgejo\.internal\.test\/.*audience=/)]);
    expect(proxy.tunnels).toEqual([`${EXCHANGE}:443`]);
  });

  test("one that refuses is named, and asked once", async () => {
    const plain = await world.openTokens();
    proxy.refuseWith = 407;
    const ran = await step({
      ...tokenVariables(plain.url, world.exchange.github.requestToken),
      HTTPS_PROXY: proxy.url,
    });
    proxy.refuseWith = undefined;
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /^::error title=The exchange could not be reached \(proxy%2C ERR_PROXY_TUNNEL\)::/m,
    );
    expect(proxy.tunnels).toEqual([`${EXCHANGE}:443`]);
  });
});

describe("a certificate that does not hold", () => {
  test("is named, and tried once", async () => {
    const plain = await world.openTokens();
    world.front.seen.length = 0;
    const ran = await step({
      ...tokenVariables(plain.url, world.exchange.github.requestToken),
      NODE_EXTRA_CA_CERTS: "",
      HTTPS_PROXY: proxy.url,
    });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /^::error title=The exchange could not be reached \(tls%2C DEPTH_ZERO_SELF_SIGNED_CERT\)::/m,
    );
    expect(ran.stdout).toContain("NODE_EXTRA_CA_CERTS");
    expect(proxy.tunnels).toEqual([`${EXCHANGE}:443`]);
    expect(world.front.seen).toEqual([]);
  });
});

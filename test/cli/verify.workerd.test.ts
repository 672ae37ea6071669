import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, type CliWorld, startCliWorld } from "../stage/cli-world.ts";
import { createGateway } from "../stage/gateway.ts";

const GITHUB_ID = "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production";

let world: CliWorld;
let svid: string;
beforeAll(async () => {
  world = await startCliWorld();
  const args = ["fetch", "--exchange-url", world.url, "--audience", AUDIENCE, "--svid-file", "-"];
  svid = (await world.cli.run(args, { env: world.jobs.github })).stdout;
});
afterAll(() => world.close());

const verify = (place: string, ...flags: string[]) => world.cli.run(["verify", place, ...flags]);
const issuer = (): string[] => ["--issuer", world.url, "--audience", AUDIENCE];
const bundle = (): string => `${world.url}/.well-known/spiffe-bundle.json`;

describe("verify", () => {
  test("prints what a good SVID holds, by the issuer's discovery", async () => {
    const { code, stdout, stderr } = await verify(svid, ...issuer());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`valid ${GITHUB_ID}`);
    expect(stdout).toContain(AUDIENCE);
    expect(stdout).toMatch(/expires +20\S+Z \(in \dm/);
    expect(stdout).toMatch(/signed +ES256 by [A-Za-z0-9_-]{43}/);
    expect(stdout).toContain('repository: "brightfen/orders-api"');
    expect(stdout).not.toContain(svid.slice(-40));
  });

  test("takes the SVID from a file and from standard input, and speaks JSON", async () => {
    writeFileSync(join(world.cli.folder, "svid"), `${svid}\n`);
    expect((await verify("svid", ...issuer())).code).toBe(0);
    const { stdout } = await world.cli.run(["verify", "-", "--json", ...issuer()], { stdin: svid });
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      spiffe_id: GITHUB_ID,
      algorithm: "ES256",
      claims: { aud: AUDIENCE },
    });
  });

  test("verifies against a SPIFFE bundle, from its URL and from a file", async () => {
    const flags = ["--trust-domain", "ci.example.org", "--audience", AUDIENCE];
    expect((await verify(svid, "--bundle", bundle(), ...flags)).code).toBe(0);
    writeFileSync(join(world.cli.folder, "bundle.json"), await (await fetch(bundle())).text());
    expect((await verify(svid, "--bundle", "bundle.json", ...flags)).code).toBe(0);
    const jwks = await (await fetch(`${world.url}/.well-known/jwks.json`)).text();
    writeFileSync(join(world.cli.folder, "jwks.json"), jwks);
    const wrongUse = await verify(svid, "--bundle", "jwks.json", ...flags);
    expect(wrongUse.stderr).toContain("[key_not_published]");
  });

  test.each([
    ["another audience", () => ["--issuer", world.url, "--audience", "https://else.example"], "[claim_aud]"],
    ["another trust domain", () => [...issuer(), "--trust-domain", "else.example"], "[trust_domain_differs]"],
    [
      "an issuer that names itself otherwise",
      () => ["--issuer", `${world.url}/x`, "--audience", AUDIENCE],
      "[document_unavailable]",
    ],
    [
      "an issuer that is not there",
      () => ["--issuer", "https://svid.invalid", "--audience", AUDIENCE],
      "(ENOTFOUND",
    ],
  ])("refuses an SVID of %s", async (_, flags, words) => {
    const { code, stdout, stderr } = await verify(svid, ...flags());
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.replace("EAI_AGAIN", "ENOTFOUND")).toContain(words);
  });

  test("refuses a changed signature, a token of another key, and what is no token", async () => {
    const cut = `${svid.slice(0, -6)}AAAAAA`;
    expect((await verify(cut, ...issuer())).stderr).toContain("[signature_invalid]");
    expect((await verify(await world.gitlabToken(), ...issuer())).stderr).toContain("[key_not_published]");
    expect((await verify("no-such-file", ...issuer())).stderr).toContain(
      "no file of this name could be read",
    );
    writeFileSync(join(world.cli.folder, "empty"), "");
    expect((await verify("empty", ...issuer())).stderr).toContain("[malformed]");
  });

  test("tells an expired SVID, one that is no SPIFFE ID, and an algorithm that no SVID has", async () => {
    const own = await createSigner();
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: GITHUB_ID, aud: AUDIENCE, iat: now - 600, exp: now + 60 };
    const flags = ["--bundle", own.bundle, "--trust-domain", "ci.example.org", "--audience", AUDIENCE];
    const words = await Promise.all([
      own.sign({ ...claims, exp: now - 300 }).then((token) => verify(token, ...flags)),
      own.sign({ ...claims, sub: "user:1" }).then((token) => verify(token, ...flags)),
      verify(`${Buffer.from('{"alg":"HS256"}').toString("base64url")}.e30.AAAA`, ...flags),
      own.sign(claims).then((token) => verify(token, ...flags)),
    ]);
    expect(words[0].stderr).toMatch(/has expired, 5m( \ds)? ago/);
    expect(words[1].stderr).toContain("[not_a_spiffe_id]");
    expect(words[2].stderr).toContain("[algorithm_refused]");
    expect(words[3].code).toBe(0);
  });

  test.each([
    ["nothing to verify against", ["--audience", "x"]],
    ["both an issuer and a bundle", ["--issuer", "https://x.example", "--bundle", "b", "--audience", "x"]],
    ["a bundle without its trust domain", ["--bundle", "b", "--audience", "x"]],
    ["no audience", ["--issuer", "https://x.example"]],
    ["an audience that is any", ["--issuer", "https://x.example", "--audience", "x", "--any-audience"]],
    ["an issuer over http", ["--issuer", "http://x.example", "--audience", "x"]],
    ["a bundle over http", ["--bundle", "http://x.example", "--trust-domain", "x", "--audience", "x"]],
  ])("asks for better flags: %s", async (_, flags) => {
    expect((await verify(svid, ...flags)).code).toBe(2);
  });

  test("looks at an SVID of any audience where it is told to", async () => {
    expect((await verify(svid, "--issuer", world.url, "--any-audience")).code).toBe(0);
  });
});

/** A trust domain of the test's own, as a bundle on disk. */
async function createSigner() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const path = join(world.cli.folder, "own-bundle.json");
  const key = { ...(await exportJWK(publicKey)), use: "jwt-svid", kid: "own" };
  writeFileSync(path, JSON.stringify({ keys: [{ kty: "EC", use: "x509-svid" }, key], spiffe_sequence: 1 }));
  const sign = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: "own", typ: "JWT" }).sign(privateKey);
  return { bundle: path, sign };
}

describe("keys", () => {
  test("shows what signs, what is next and when", async () => {
    const { code, stdout } = await world.cli.run(["keys", "--exchange-url", world.url]);
    expect(code).toBe(0);
    expect(stdout).toContain(world.url);
    for (const algorithm of ["ES256", "RS256"]) expect(stdout).toContain(`\n${algorithm}\n`);
    expect(
      stdout.match(/signing {2}[A-Za-z0-9_-]{43} {2}published .*, signs since .*, until 20/g),
    ).toHaveLength(2);
    expect(
      stdout.match(/standby {2}[A-Za-z0-9_-]{43} {2}published .* ago, signs from 20\S+ \(in /g),
    ).toHaveLength(2);
  });

  test("gives the same as JSON, and agrees with the published documents", async () => {
    const { stdout } = await world.cli.run(["keys", "--json"], { env: { SVID_EXCHANGE_URL: world.url } });
    const { keys, status } = JSON.parse(stdout);
    const published = await (await fetch(`${world.url}/.well-known/jwks.json`)).json();
    expect(keys.map(({ kid }: { kid: string }) => kid).sort()).toEqual(
      (published as { keys: { kid: string }[] }).keys.map(({ kid }) => kid).sort(),
    );
    expect(
      keys.every(({ inJwks, inBundle }: { inJwks: boolean; inBundle: boolean }) => inJwks && inBundle),
    ).toBe(true);
    expect(["ok", "degraded"]).toContain(status);
  });

  test("names what differs and what /healthz finds, and fails where nothing can be minted", async () => {
    const jwk = { kty: "EC", crv: "P-256", x: "x", y: "y", use: "sig", alg: "ES256" };
    const sick = await createGateway(({ url }) => {
      const { origin, pathname } = new URL(url);
      if (pathname.endsWith("openid-configuration")) {
        return Response.json({ issuer: sick.url, jwks_uri: `${sick.url}/jwks` });
      }
      if (pathname === "/jwks") return Response.json({ keys: [{ ...jwk, kid: "one" }] });
      if (pathname.endsWith("spiffe-bundle.json"))
        return Response.json({ keys: [{ ...jwk, kid: "two" }], spiffe_sequence: 4 });
      const problems = [{ code: "no_signer", says: "no key can sign", algorithm: "ES256" }];
      return Response.json(
        { status: "unavailable", origin, signing_keys: { keys: [], problems } },
        { status: 503 },
      );
    });
    const { code, stdout } = await world.cli.run(["keys", "--exchange-url", sick.url]);
    await sick.close();
    expect(code).toBe(1);
    expect(stdout).toContain("unavailable  sequence 4");
    expect(stdout).toContain("! no_signer: no key can sign (ES256)");
    expect(stdout).toContain("one is in the JWKS but not in the SPIFFE bundle");
  });

  test("needs an address", async () => {
    expect((await world.cli.run(["keys"])).code).toBe(2);
  });
});

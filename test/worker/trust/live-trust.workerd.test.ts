import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { now } from "../../../local/clock.ts";
import { OUR_ISSUER, type TrustDocument, trustDocument } from "../../../local/trust-document.ts";
import { exchangeForm } from "../../../shared/wire.ts";
import { type Exchange, startExchange } from "../../stage/exchange.ts";

const VAULT = "https://vault.example.org";

let lab: Exchange;
let start = 0;
let isolates = 0;
beforeAll(async () => {
  lab = await startExchange({ main: "test/stage/lab-main.ts" });
});
afterAll(() => lab.close());
beforeEach(async () => {
  start = now();
  await lab.putTrust(trustDocument());
  await at(0, { "x-lab-isolate": `isolate-${isolates++}`, "x-lab-faults": "none" });
  await at(0, {});
  lab.clearLogs();
});

/** One dry run `seconds` after the start of the test. */
async function at(seconds: number, headers: Record<string, string> = {}) {
  const subjectToken = await lab.github.token(OUR_ISSUER, start);
  const form = exchangeForm({ subjectToken, audience: VAULT, dryRun: true });
  const response = await lab.post(form, { "x-lab-now": String(start + seconds), ...headers });
  return (await response.json()) as { config_version?: string; spiffe_id?: string; code?: string };
}

async function health() {
  const response = await lab.fetch("/healthz");
  return { httpStatus: response.status, ...((await response.json()) as Record<string, unknown>) };
}

function renamed(path: string): TrustDocument {
  const spiffeId = `spiffe://{{ trustDomain }}/${path}/{{ jwt.claim.repository_id }}`;
  const { policies, ...document } = trustDocument();
  return { ...document, policies: policies.map((policy) => ({ ...policy, spiffeId })) };
}

test("a new document is in force thirty seconds after KV shows it, without a slow request", async () => {
  const before = await at(0);
  await lab.putTrust(renamed("new"));
  expect((await at(29)).config_version).toBe(before.config_version);
  // This request is still answered by the document in memory; it only sets off the look at KV.
  expect((await at(30)).config_version).toBe(before.config_version);
  const after = await at(31);
  expect(after.spiffe_id).toBe("spiffe://ci.example.org/new/1342205517");
  expect(after.config_version).not.toBe(before.config_version);
});

test("an isolate that was idle for a minute answers by the new document: it may revoke a key", async () => {
  await at(0);
  await lab.putTrust(renamed("new"));
  expect((await at(60)).spiffe_id).toBe("spiffe://ci.example.org/new/1342205517");
});

test("an isolate that was idle while KV went down answers by the document that it has", async () => {
  const before = await at(0);
  expect((await at(300, { "x-lab-faults": "kv-get" })).config_version).toBe(before.config_version);
});

test("the same document written again keeps its version", async () => {
  const before = await at(0);
  await lab.putTrust(trustDocument());
  await at(40);
  expect((await at(41)).config_version).toBe(before.config_version);
});

describe("a document that can't be used", () => {
  const BROKEN: Readonly<Record<string, [text: string, rule: string]>> = {
    "is not JSON": ["version: 1", "syntax"],
    "is of another version": [JSON.stringify({ ...trustDocument(), version: 2 }), "shape"],
    "opens a shared issuer to everyone": [
      JSON.stringify({ ...trustDocument(), policies: [{ ...trustDocument().policies[0], match: {} }] }),
      "condition",
    ],
  };
  test.each(Object.entries(BROKEN))(
    "because it %s is refused, logged and shown; the last good one stays",
    async (_, [text, rule]) => {
      const before = await at(0);
      await (await lab.kv()).put("trust", text);
      await at(60);
      expect(await at(61)).toMatchObject({
        config_version: before.config_version,
        spiffe_id: before.spiffe_id,
      });
      expect(await health()).toMatchObject({
        httpStatus: 200,
        status: "degraded",
        config: { version: before.config_version },
        refused_config: { version: expect.any(String), rules: [rule] },
      });
      const [line, ...others] = lab.logs().filter((each) => each.includes("trust_document_refused"));
      expect(others).toEqual([]);
      expect(JSON.parse(line ?? "")).toMatchObject({ rules: [rule] });
    },
  );

  test("is quoted nowhere: what a person pasted into it by mistake stays there", async () => {
    const pasted = { ...trustDocument(), issuer: "a-pasted-secret", trustDomain: "A-PASTED-SECRET" };
    await (await lab.kv()).put("trust", JSON.stringify({ ...pasted, "a-pasted-secret": 1, version: 1 }));
    await at(60);
    const text = JSON.stringify(await health());
    expect(text).toContain("refused_config");
    expect(text.toLowerCase()).not.toContain("pasted");
    expect(lab.logs().join("\n").toLowerCase()).not.toContain("pasted");
  });

  test("does not stop an isolate that starts only then", async () => {
    const before = await at(0);
    await (await lab.kv()).put("trust", "broken");
    expect(await at(5, { "x-lab-isolate": "late" })).toMatchObject({ config_version: before.config_version });
    expect(await health()).toMatchObject({ status: "degraded", refused_config: expect.anything() });
  });

  test("is forgotten as soon as a good one follows", async () => {
    await (await lab.kv()).put("trust", "broken");
    await at(60);
    await lab.putTrust(renamed("mended"));
    await at(91);
    expect((await at(92)).spiffe_id).toBe("spiffe://ci.example.org/mended/1342205517");
    expect(await health()).toMatchObject({ status: "ok" });
  });
});

test("a document that disappears, or a KV that fails, changes nothing for isolates that have one", async () => {
  const before = await at(0);
  await (await lab.kv()).delete("trust");
  await at(60);
  expect((await at(61)).config_version).toBe(before.config_version);
  await at(120, { "x-lab-faults": "kv-get" });
  expect((await at(121)).config_version).toBe(before.config_version);
});

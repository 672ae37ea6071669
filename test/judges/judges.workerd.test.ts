import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOCUMENT_ROWS } from "./document-rows.ts";
import { KEY_ROWS } from "./key-rows.ts";
import type { Row } from "./row.ts";
import { TOKEN_ROWS } from "./token-rows.ts";
import { check, inlineIssuerOf, issuerOf, startTools, type Tools } from "./tools.ts";

const ROWS: readonly Row[] = [...TOKEN_ROWS, ...KEY_ROWS, ...DOCUMENT_ROWS];
/** The denials that a key of no use can cause; where `check` refuses an inline key, it spares the maintainer one of these. */
const KEY_DENIALS = ["signing_key_unknown", "token_algorithm_refused", "token_header_refused"];

const checked = new Map<Row, string>();
let tools: Tools;
beforeAll(async () => {
  for (const [index, row] of ROWS.entries())
    if (row.inline !== undefined) checked.set(row, await check(row, index));
  tools = await startTools(ROWS, new Set(ROWS.filter((row) => checked.get(row) === "good")));
});
afterAll(() => tools.close());

/** What the Worker and `explain` say of a token; whether `explain` calls it verified follows from what it says. */
async function verdictsOn(token: string, worker = tools.worker) {
  const explained = await tools.explain(token, "--verify");
  return { worker: await worker(token), explain: explained.verdict, verified: explained.verified };
}

const oneVerdict = (verdict: Row["verdict"]) => ({
  worker: verdict,
  explain: verdict,
  verified: ["good", "policy_denied"].includes(verdict),
});

describe("the Worker and explain have one verdict", () => {
  test.each(ROWS.map((row, index) => [row.it, row, index] as const))("%s", async (_, row, index) => {
    const { verdict } = row;
    expect(await verdictsOn(row.token(issuerOf(row, index)))).toEqual(oneVerdict(verdict));
  });
});

describe("check takes an inline key exactly where the Worker can use it", () => {
  const inline = ROWS.map((row, index) => [row.it, row, index] as const).filter(
    ([, row]) => row.inline !== undefined,
  );
  test.each(inline)("%s", async (_, row, index) => {
    const { verdict } = row;
    const token = row.token(inlineIssuerOf(index));
    if (KEY_DENIALS.includes(verdict)) {
      expect([checked.get(row), await tools.workerWithInlineKeys(token)]).toEqual(["inline-keys", verdict]);
      return;
    }
    expect(checked.get(row)).toBe("good");
    expect(await verdictsOn(token, tools.workerWithInlineKeys)).toEqual(oneVerdict(verdict));
  });
});

/** Only a key tells these. */
const BY_KEY = ["signing_key_unknown", "signature_invalid"];

describe("explain without --verify finds what needs no key", () => {
  const keyless = TOKEN_ROWS.filter(({ verdict }) => !BY_KEY.includes(verdict));
  test.each(keyless.map((row) => [row.it, row] as const))("%s", async (_, row) => {
    const { verdict, verified } = await tools.explain(row.token(issuerOf(row, 0)));
    expect({ verdict, verified }).toEqual({ verdict: row.verdict, verified: false });
  });
});

test("explain --verify says why the key of the token's kid is of no use, and which document was not read", async () => {
  const messagesOf = async (it: string) => {
    const index = ROWS.findIndex((row) => row.it === it);
    const row = ROWS[index];
    const explained = row && (await tools.explain(row.token(issuerOf(row, index)), "--verify"));
    return explained?.messages.map((message) => message.replaceAll(/row-\d+/g, "row"));
  };
  expect(await messagesOf("an RSA exponent of 3")).toEqual([
    "The issuer row.example.com publishes no usable key of the token's kid: e is not an odd number from 65537 to 4294967295; have the issuer use a key with the exponent AQAB.",
  ]);
  expect(await messagesOf("a point beside P-256")).toEqual([
    "The issuer row.example.com publishes no usable key of the token's kid: the runtime cannot import it.",
  ]);
  expect(await messagesOf("a document with status 500")).toEqual([
    "The keys of the issuer row.example.com could not be read: the discovery document answered with status 500 (https://row.example.com/.well-known/openid-configuration).",
  ]);
});

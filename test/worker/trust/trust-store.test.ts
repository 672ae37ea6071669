import type { KVNamespace } from "@cloudflare/workers-types";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { trustDocument } from "../../../local/trust-document.ts";
import { createTrustStore } from "../../../worker/trust/trust-store.ts";
import { createMemoryKv } from "../../stage/memory-kv.ts";
import { createMoments } from "../../stage/moments.ts";

const START = 1_800_000_000;
const GOOD = JSON.stringify(trustDocument());

const logged: string[] = [];
beforeEach(() => {
  logged.length = 0;
  vi.spyOn(console, "error").mockImplementation((line) => void logged.push(JSON.parse(line).event));
});
afterEach(() => void vi.restoreAllMocks());

/** One isolate over a KV of texts that may fail or hang, and the background work that it left. */
function isolate(texts: Record<string, string>) {
  const kv = createMemoryKv(texts);
  const { at, settle } = createMoments();
  const store = createTrustStore(kv as unknown as KVNamespace);
  return { kv, texts, store, at: (seconds: number) => at(START + seconds), settle };
}

describe("an isolate that has a document", () => {
  test("looks in the background after half a minute, and logs what it could not read", async () => {
    const { kv, store, at, settle } = isolate({ trust: GOOD });
    const first = await store.current(at(0));
    await settle();
    kv.reads = 0;
    await store.current(at(29));
    expect(kv.reads).toBe(0);

    kv.failing = "trust";
    expect(await store.current(at(30))).toEqual(first);
    expect(kv.reads).toBe(1);
    await settle();
    expect(logged).toEqual(["trust_document_unreadable"]);
    await store.current(at(31));
    expect(kv.reads).toBe(1);
  });

  test("and was idle for a minute looks before it answers, and goes on where KV never answers", async () => {
    const { kv, store, at } = isolate({ trust: GOOD });
    const first = await store.current(at(0));
    kv.hanging = "trust";
    expect(await store.current(at(60))).toEqual(first);
    expect(logged).toEqual(["trust_document_unreadable"]);
  });

  test("keeps it as the last good one, for an isolate that starts while the next one is broken", async () => {
    const { texts, store, at, settle } = isolate({ trust: GOOD });
    await store.current(at(0));
    await settle();
    expect(texts).toEqual({ trust: GOOD, "trust/last-good": GOOD });
    const late = isolate({ ...texts, trust: "broken" });
    expect(await late.store.current(late.at(0))).toMatchObject({ ok: true });
    expect(late.store.refused()).toMatchObject({ rules: ["syntax"] });
    expect(logged).toEqual(["trust_document_refused"]);
  });
});

test.each([-2 * 60, -3_600, -8 * 86_400, -365 * 86_400])(
  "an isolate whose clock is set back by %d s looks before it answers",
  async (seconds) => {
    const { kv, texts, store, at } = isolate({ trust: GOOD });
    const first = await store.current(at(0));
    const renamed = { ...trustDocument(), trustDomain: "other.example.org" };
    texts["trust"] = JSON.stringify(renamed);
    expect(await store.current(at(-5))).toEqual(first);
    const second = await store.current(at(seconds));
    expect(second.ok && second.value.config.trustDomain).toBe("other.example.org");
    kv.reads = 0;
    await store.current(at(seconds + 1));
    expect(kv.reads).toBe(0);
  },
);

test("an isolate that could not read the last good document tries again, and logs the broken one once", async () => {
  const { kv, texts, store, at } = isolate({ trust: "broken", "trust/last-good": GOOD });
  kv.failing = "trust/last-good";
  expect(await store.current(at(0))).toMatchObject({ error: { code: "trust_document_unavailable" } });
  kv.failing = "";
  expect(await store.current(at(1))).toMatchObject({ ok: true });
  expect(logged).toEqual(["trust_document_refused", "trust_document_unreadable"]);
  texts["trust"] = GOOD;
  await store.refresh(at(2));
  expect(store.refused()).toBeUndefined();
});

test("what is wrong with a document is said by the rules that it breaks", async () => {
  const { store, at, texts } = isolate({ trust: "[]" });
  await store.current(at(0));
  expect(store.refused()).toMatchObject({ rules: ["shape"] });
  texts["trust"] = JSON.stringify({
    ...trustDocument(),
    policies: [{ ...trustDocument().policies[0], match: {} }],
  });
  await store.refresh(at(1));
  expect(store.refused()).toMatchObject({ rules: ["condition"] });
});

test("a look that cron asks for throws what KV throws", async () => {
  const { kv, store, at } = isolate({ trust: GOOD });
  kv.failing = "trust";
  await expect(store.refresh(at(0))).rejects.toThrow("KV GET failed: 503");
});

import { readdirSync, readFileSync } from "node:fs";
import type { ExecutionContext, KVNamespace, ScheduledController } from "@cloudflare/workers-types";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ERROR_RULES } from "../../shared/trust/model/problem.ts";
import { createApp } from "../../worker/app.ts";
import type { Env } from "../../worker/env.ts";
import { errorKind, LOG_EVENTS, logEvent, logFailure, logLine } from "../../worker/log.ts";
import { createTrustStore } from "../../worker/trust/trust-store.ts";

/** Stands for a token, a key or a document that somebody quotes. */
const SECRET = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJyZXBvOm8vciJ9.c2lnbmF0dXJl";

const MOMENT = { now: 0, background: () => undefined };

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  for (const level of ["log", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(`${level} ${line}`));
  }
});
afterEach(() => void vi.restoreAllMocks());

/** The lines of the audit trail, whose fields have a section each. */
const TRAIL = {
  exchange: { heading: "Fields", link: "[above](#fields)" },
  access: { heading: "Requests to applications", link: "[above](#requests-to-applications)" },
};

describe("docs/reference/audit.md", () => {
  const page = readFileSync("docs/reference/audit.md", "utf8");
  const section = (heading: string): string =>
    page.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  const rows = section("Every kind of line\n")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.slice(2, -2).split(" | "))
    .slice(1);

  test("has a row for every event and no other, in the table's order", () => {
    expect(rows.map(([event]) => event)).toEqual(Object.keys(LOG_EVENTS).map((event) => `\`${event}\``));
    expect(section("Every kind of line\n")).toContain(
      `The Worker writes ${Object.keys(LOG_EVENTS).length} kinds of lines`,
    );
  });

  test.each(Object.entries(LOG_EVENTS))("says of %s what the table says", (event, row) => {
    const found = rows.find(([name]) => name === `\`${event}\``);
    const listed = row.fields.map((field) => `\`${field}\``).join(", ") || "none";
    const fields = TRAIL[event as keyof typeof TRAIL]?.link ?? listed;
    expect(found).toEqual([
      `\`${event}\``,
      row.level,
      fields,
      expect.stringMatching(/^.{20,}$/),
      row.operator,
    ]);
  });

  test.each(Object.entries(TRAIL))(
    "lists the fields of %s in their section, in the line's order",
    (event, { heading }) => {
      const table =
        section(`${heading}\n`)
          .split("\n\n")
          .find((part) => part.startsWith("| field |")) ?? "";
      const listed = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field);
      expect(listed).toEqual(["event", ...LOG_EVENTS[event as keyof typeof TRAIL].fields]);
    },
  );
});

test("a line is one JSON object with its event first, at its event's level", () => {
  logEvent("warn", "issuer_keys", { issuer_id: "corp", failure: "sent\nnothing" });
  logEvent("error", "ring_copy_failed", {});
  expect(lines).toEqual([
    'warn {"event":"issuer_keys","issuer_id":"corp","failure":"sent\\nnothing"}',
    'error {"event":"ring_copy_failed"}',
  ]);
  // @ts-expect-error another level than the table's
  logEvent("log", "ring_copy_failed", {});
  // @ts-expect-error a field that the table does not have
  logLine("issuer_keys", { issuer_id: "corp", failure: "sent nothing", token: "x" });
  // @ts-expect-error a field is missing
  logLine("issuer_keys", { issuer_id: "corp" });
});

test("nothing else in the Worker writes to the log", () => {
  const sources = readdirSync("worker", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const writers = sources.filter((name) => /\bconsole\b/.test(readFileSync(`worker/${name}`, "utf8")));
  expect(sources.length).toBeGreaterThan(30);
  expect(writers).toEqual(["log.ts"]);
});

describe("an error whose message quotes a token", () => {
  class QuotingError extends Error {}
  const changed = new Error(SECRET);
  changed.message = "changed after the stack was taken";
  const ERRORS: readonly (readonly [string, unknown, string])[] = [
    ["on one line", new TypeError(`bad: ${SECRET}`), "TypeError"],
    ["on a line that looks like a frame", new Error(`bad:\n    at ${SECRET} (main.js:1:1)`), "Error"],
    ["and is of a class of its own", new QuotingError(SECRET), "Error"],
    ["in its cause", new Error("outer", { cause: new Error(SECRET) }), "Error"],
    ["in one of several errors", new AggregateError([new Error(SECRET)], "several"), "AggregateError"],
    ["and was changed afterwards", changed, "Error"],
    ["and is no Error", SECRET, "string"],
    ["and is an object", { message: SECRET, stack: `at ${SECRET}` }, "object"],
  ];

  test.each(ERRORS)("%s: the log has its kind, and no word of it", (_, error, name) => {
    logFailure("background")(error);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(SECRET.slice(0, 12));
    expect(JSON.parse(String(lines[0]).slice("error ".length))).toMatchObject({ event: "failure", name });
  });

  test("the places in the code are there", () => {
    const { at } = errorKind(new Error(`bad: ${SECRET}`));
    expect(at.length).toBeGreaterThan(0);
    expect(at[0]).toMatch(/^at .*log\.test\.ts/);
  });
});

describe("where a part of the platform quotes a token in its error", () => {
  const failing = (): Promise<never> => Promise.reject(new TypeError(`failed: ${SECRET}`));
  const kv = { get: failing, put: failing } as unknown as KVNamespace;
  const work: Promise<unknown>[] = [];
  const ctx = { waitUntil: (promise: Promise<unknown>) => void work.push(promise) } as ExecutionContext;
  const env = { KV: kv, KEY_ENCRYPTION_KEY: "" } as Env;

  test("a trust document that can't be read is logged without it", async () => {
    const current = await createTrustStore(kv).current(MOMENT);
    expect(current).toMatchObject({ ok: false, error: { code: "trust_document_unavailable" } });
    expect(lines).toEqual([
      expect.stringMatching(/^error \{"event":"trust_document_unreadable","name":"TypeError","at":\[/),
    ]);
    expect(lines.join()).not.toContain(SECRET);
  });

  test("a scheduled run fails with a message of its own, since Cloudflare keeps that message", async () => {
    const run = createApp(() => 0).scheduled({} as ScheduledController, env, ctx);
    await expect(run).rejects.toThrow(/^The scheduled run failed/);
    expect(lines.some((line) => line.includes('"where":"scheduled run","name":"TypeError"'))).toBe(true);
    expect(lines.join()).not.toContain(SECRET);
  });

  test("a request is answered without it, and so is its log", async () => {
    const broken = new Proxy(env, {
      get: () => {
        throw new TypeError(SECRET);
      },
    });
    const response = await createApp(() => 0).fetch(new Request("https://svid.example.org/"), broken, ctx);
    expect(response.status).toBe(500);
    expect(lines).toHaveLength(1);
    expect(lines.join() + (await response.text())).not.toContain(SECRET);
  });
});

test("a trust document that is refused is logged by the rules that it breaks, without a word of it", async () => {
  const documents = [
    `{"version": 1, "${SECRET}": "${SECRET}"`,
    JSON.stringify({ version: 1, issuer: SECRET }),
  ];
  for (const text of documents) {
    const kv = { get: async (key: string) => (key === "trust" ? text : null) } as unknown as KVNamespace;
    const store = createTrustStore(kv);
    expect(await store.current(MOMENT)).toMatchObject({ error: { code: "not_configured" } });
    const line = JSON.parse(String(lines.pop()).slice("error ".length)) as {
      version: string;
      rules: string[];
    };
    expect(line).toEqual({
      event: "trust_document_refused",
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      rules: expect.any(Array),
    });
    expect(line.rules.length).toBeGreaterThan(0);
    expect(ERROR_RULES).toEqual(expect.arrayContaining(line.rules));
    expect(JSON.stringify(line)).not.toContain(SECRET);
    // `/healthz` says no more: who looks for the place runs `svid-exchange check`.
    expect(store.refused()).toEqual({ version: line.version, rules: line.rules });
  }
});

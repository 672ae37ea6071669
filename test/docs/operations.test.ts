import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  minPublicationInterval,
  minPublishSafety,
  propagationDelay,
  rolloverIntervals,
  TIMING,
} from "../../shared/key-timing.ts";
import { ok } from "../../shared/result.ts";
import { ROTATE_EVERY } from "../../shared/rotate-every.ts";
import type { Call } from "../../worker/http/call.ts";
import { serveHealth } from "../../worker/http/health.ts";
import { TRUST_LIMIT_SECONDS } from "../../worker/limits.ts";
import { KEY_PROBLEMS } from "../../worker/signing/health/problems.ts";

const page = readFileSync("docs/how-to/operations.md", "utf8");
const HOUR = 3_600;
const MINUTE = 60;

test("every problem that /healthz can name has a section, and no other code has", () => {
  const health = page.slice(page.indexOf("## Look at the keys"), page.indexOf("## Change the sealing key"));
  const sections = [...health.matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
  expect(sections).toEqual(Object.keys(KEY_PROBLEMS));
});

test("every member that /healthz can have is in the table, and no other is", async () => {
  const problem = { version: "46c2a650ce5cc57a", rules: ["syntax"] };
  const config = { keys: {}, applications: new Map([["app.example.org", { name: "app" }]]) };
  const call = {
    now: 0,
    request: new Request("https://svid.example.org/healthz"),
    trust: ok({ config, version: "46c2a650ce5cc57a", issuerPath: "", since: 0 }),
    services: {
      signingKeys: { health: async () => ({ status: "ok" }) },
      trust: { refused: () => problem },
      upstreamKeys: { ages: () => [], copyRefusedSince: () => 0 },
      gateway: { originOf: () => undefined },
    },
  };
  const response = await serveHealth(call as unknown as Call);
  const members = (await response.json()) as object;
  const table = page.slice(page.indexOf("## Look at the whole"), page.indexOf("## Look at the keys"));
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, member]) => member);
  expect(rows.sort()).toEqual(Object.keys(members).sort());
});

test("the times of a key are those in force", () => {
  const intervals = rolloverIntervals(ROTATE_EVERY.usual);
  expect(intervals.publicationInterval + intervals.publishSafety).toBe(73 * HOUR);
  expect(page).toContain("3 days 1 hour before its predecessor signs");
  expect([intervals.signingDelay, intervals.retireInterval]).toEqual([HOUR, 24 * HOUR]);
  expect(minPublicationInterval(TIMING) + minPublishSafety(TIMING)).toBe(4 * HOUR + 27 * MINUTE);
  expect(page).toContain("down to 4 h 27 min");
  expect(intervals.lifetimeWithoutSuccessor - intervals.keyLifetime).toBe(30 * 24 * HOUR);
  expect(TIMING.deploymentDelay).toBe(HOUR);
});

test("the bounds of the clocks are those in force", () => {
  expect(TIMING.clockTolerance).toBe(2 * MINUTE);
  expect(page).toContain("differ by more than two minutes");
  expect(minPublishSafety(TIMING)).toBe(3 * HOUR + 16 * MINUTE);
  expect(page).toContain("not within three hours and a quarter after the last run");
  expect(TIMING.clockSettling).toBe(24 * HOUR);
});

test("the exposure at relying parties is the sum of its parts", () => {
  const published = TIMING.kvDelay + TRUST_LIMIT_SECONDS + TIMING.maxAge;
  const after = (seconds: number): number => Math.ceil((published + seconds) / MINUTE);
  expect(page).toContain(`Within ${(TIMING.kvDelay + TRUST_LIMIT_SECONDS) / MINUTE} minutes every isolate`);
  expect(page).toContain(`| SPIRE (bundle, every 75 s) | ${after(75)} minutes |`);
  expect(page).toContain(`| PyJWKClient (5 min) | ${after(300)} minutes |`);
  expect(page).toContain(`| jose, Envoy (10 min) | ${after(600)} minutes |`);
  expect(page).toContain(`| Istio (20 min) | ${after(1_200)} minutes |`);
  expect(page).toContain(`${after(HOUR)} minutes, or a day and ${after(0)} minutes`);
  const known =
    TIMING.kvDelay +
    TRUST_LIMIT_SECONDS +
    rolloverIntervals(ROTATE_EVERY.usual).publicationInterval +
    propagationDelay(TIMING);
  expect(page).toContain(
    `**${Math.ceil(known / HOUR)} to ${Math.ceil((known + minPublishSafety(TIMING)) / HOUR)} hours**`,
  );
});

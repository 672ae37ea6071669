import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault, Gateway } from "../stage/gateway.ts";
import type { Step } from "../stage/runner.ts";
import { startWorld, tokenVariables, type World } from "../stage/world.ts";
import { expectMaskedFirst, expectNoTokenIn, maskedBy } from "./secrecy.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

interface Ways {
  /** To the exchange. */
  readonly front: Gateway;
  readonly tokens: Gateway;
}

/** Runs the step with its own ways to the two services, so that many can fail at the same time. */
async function stepThrough(prepare: (ways: Ways) => void, inputs: Record<string, string> = {}) {
  const ways = { front: await world.openFront(), tokens: await world.openTokens() };
  prepare(ways);
  const job = world.job(tokenVariables(ways.tokens.url, world.exchange.github.requestToken));
  for (const way of [ways.front, ways.tokens]) way.onHang = job.letTimePass;
  const step = await job.step({
    inputs: {
      "exchange-url": ways.front.url,
      "token-audience": world.url,
      audience: "https://vault.example.org",
      ...inputs,
    },
    time: "held",
  });
  await job.post(step);
  return { step, ...ways };
}

const subjectTokens = ({ front }: Ways): (string | null)[] =>
  front.seen.map(({ body }) => new URLSearchParams(body).get("subject_token"));

function expectSuccess(step: Step): void {
  expect(step).toMatchObject({ code: 0, stderr: "" });
  for (const token of maskedBy(step)) expectMaskedFirst(step, token);
  expectNoTokenIn(step);
}

function expectPausesWithin(deadlineMs: number, { pauses }: Step): void {
  expect(pauses.length).toBeGreaterThan(0);
  expect(pauses.reduce((sum, ms) => sum + ms)).toBeLessThan(deadlineMs);
}

const PASSING: readonly Fault[] = ["500", "502", "429", "reset", "halfway", "hang"];

describe.concurrent("a fault that passes", () => {
  test.each(PASSING)("of the exchange, %s, is followed by a try with a fresh token", async (fault) => {
    const ran = await stepThrough(({ front }) => front.faults.push(fault));
    expectSuccess(ran.step);
    expect(new Set(subjectTokens(ran)).size).toBe(2);
    expect(ran.tokens.seen).toHaveLength(2);
    expect(maskedBy(ran.step)).toHaveLength(3);
  });

  test.each(PASSING)("of the token service, %s, is followed by another try", async (fault) => {
    const ran = await stepThrough(({ tokens }) => tokens.faults.push(fault));
    expectSuccess(ran.step);
    expect(ran.tokens.seen).toHaveLength(2);
    expect(ran.front.seen).toHaveLength(1);
  });

  test("of both, one after the other, and more than once", async () => {
    const ran = await stepThrough(({ front, tokens }) => {
      tokens.faults.push("reset", "502");
      front.faults.push("500", "reset");
    });
    expectSuccess(ran.step);
    expect(new Set(subjectTokens(ran)).size).toBe(3);
  });
});

describe.concurrent("Retry-After", () => {
  test("is obeyed", async () => {
    const ran = await stepThrough(({ front }) => front.faults.push("429"));
    expectSuccess(ran.step);
    expect(ran.step.pauses).toHaveLength(1);
    expect(ran.step.pauses[0]).toBeGreaterThanOrEqual(1_000);
  });

  test("beyond the deadline ends the step at once", async () => {
    const ran = await stepThrough(({ front }) => front.faults.push("429 for long"));
    expect(ran.step.code).toBe(1);
    expect(ran.front.seen).toHaveLength(1);
    expect(ran.step.stdout).toContain("The action ended after one attempt in 60 s");
  });
});

describe.concurrent("a fault that stays", () => {
  test.each<[Fault, string]>([
    ["500", "not_an_exchange"],
    ["reset", "exchange_unreachable"],
    ["hang", "exchange_unreachable"],
  ])("of the exchange, %s, ends with the deadline: %s", async (fault, code) => {
    const ran = await stepThrough(({ front }) => front.faults.push(...Array<Fault>(30).fill(fault)), {
      timeout: "12s",
    });
    expect(ran.step.code).toBe(1);
    expectPausesWithin(12_000, ran.step);
    expect(ran.step.stdout).toMatch(
      new RegExp(`^::error .*The action ended after .*docs/reference/action\\.md#${code}`, "m"),
    );
    expectNoTokenIn(ran.step);
  });

  test.each<[Fault, string]>([
    ["500", "id_token_refused"],
    ["reset", "id_token_unreachable"],
    ["hang", "id_token_unreachable"],
  ])("of the token service, %s, ends with the deadline: %s", async (fault, code) => {
    const ran = await stepThrough(({ tokens }) => tokens.faults.push(...Array<Fault>(30).fill(fault)), {
      timeout: "12s",
    });
    expect(ran.step.code).toBe(1);
    expectPausesWithin(12_000, ran.step);
    expect(ran.step.stdout).toMatch(
      new RegExp(`^::error .*The action ended after .*docs/reference/action\\.md#${code}`, "m"),
    );
    expect(ran.front.seen).toHaveLength(0);
  });
});

describe.concurrent("what is final is asked once", () => {
  test.each<[Fault, string]>([
    ["redirect", "exchange_redirected"],
    ["page", "not_an_exchange"],
  ])("of the exchange: %s", async (fault, code) => {
    const ran = await stepThrough(({ front }) => front.faults.push(fault));
    expect(ran.step.code).toBe(1);
    expect(ran.front.seen).toHaveLength(1);
    expect(ran.step.stdout).toContain(`docs/reference/action.md#${code}`);
    expect(ran.step.stdout).not.toContain("The action ended after");
  });

  test.each<[Fault, string]>([
    ["redirect", "id_token_refused"],
    ["page", "id_token_malformed"],
  ])("of the token service: %s", async (fault, code) => {
    const ran = await stepThrough(({ tokens }) => tokens.faults.push(fault));
    expect(ran.step.code).toBe(1);
    expect(ran.tokens.seen).toHaveLength(1);
    expect(ran.front.seen).toHaveLength(0);
    expect(ran.step.stdout).toContain(`docs/reference/action.md#${code}`);
  });
});

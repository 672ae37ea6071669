import { expect, test } from "vitest";
import { createSvidSource, MAX_AUDIENCES } from "../../../shared/renewal/svid-source.ts";
import { err, ok } from "../../../shared/result.ts";
import { createClock } from "../../stage/clock.ts";

/** A source for a job whose policy has `a` as its only audience where none is asked for. Audiences that start with x are refused. */
function createSource() {
  const clock = createClock(0);
  const exchanged: (string | undefined)[] = [];
  const source = createSvidSource(
    {
      exchange: async (audience) => {
        exchanged.push(audience);
        if (audience?.startsWith("x")) return err("refused");
        return ok({
          audience: audience ?? "a",
          sentAtMs: clock.nowMs(),
          expiresAtMs: clock.nowMs() + 300_000,
        });
      },
      mayPass: () => false,
      renewable: true,
      nowMs: clock.nowMs,
      pause: clock.pause,
    },
    new AbortController().signal,
  );
  return { source, exchanged, clock };
}

test("each audience has an SVID of its own", async () => {
  const { source, exchanged } = createSource();
  for (const audience of ["a", "b", "a", "b"]) {
    expect(await source(audience).get()).toMatchObject({ value: { audience } });
  }
  expect(exchanged).toEqual(["a", "b"]);
});

test("the only audience of the policy and the same audience by its name are one SVID", async () => {
  const { source, exchanged } = createSource();
  const ofPolicy = await source(undefined).get();
  expect(await source("a").get()).toEqual(ofPolicy);
  await source("b").get();
  expect(exchanged).toEqual([undefined, "b"]);
});

test("a program that asks for one audience after the other fills no memory, and costs others nothing", async () => {
  const { source, exchanged } = createSource();
  await source("a").get();
  for (let number = 0; number < 3 * MAX_AUDIENCES; number += 1) await source(`x${number}`).get();
  await source("a").get();
  expect(exchanged.filter((audience) => audience === "a")).toHaveLength(1);
  expect(source("x0")).not.toBe(source("x1"));
});

test("an SVID more than there is room for takes the place of the oldest one", async () => {
  const { source, exchanged } = createSource();
  for (let number = 0; number <= MAX_AUDIENCES; number += 1) await source(`${number}`).get();
  await source(`${MAX_AUDIENCES}`).get();
  await source("1").get();
  expect(exchanged).toHaveLength(MAX_AUDIENCES + 1);
  await source("0").get();
  expect(exchanged).toHaveLength(MAX_AUDIENCES + 2);
});

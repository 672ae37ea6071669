import { expect, test } from "vitest";
import type { Pass } from "../../../worker/gateway/pass.ts";
import { Passes } from "../../../worker/gateway/passes.ts";
import type { TrustInForce } from "../../../worker/trust/trust-in-force.ts";

const NOW = 1_800_000_000;
const TRUST = { version: "v1" } as TrustInForce;

test.each([
  ["at once", 0, true],
  ["by a request that began a moment before", -5, true],
  ["until half of the assertion's life", 29, true],
  ["no longer", 30, false],
  ["not by a clock that is set back: its assertion would be valid for too long", -3_600, false],
])("a pass is used again %s", (_, seconds, used) => {
  const passes = new Passes();
  passes.keep("app", "hash", TRUST, { madeAt: NOW, freshUntil: NOW + 30 } as Pass);
  expect(passes.find("app", "hash", TRUST, NOW + seconds) !== undefined).toBe(used);
});

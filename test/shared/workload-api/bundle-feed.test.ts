import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../shared/json.ts";
import { readKeySet } from "../../../shared/jwk/key-set.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { TrustDomain } from "../../../shared/spiffe-id.ts";
import type { PublishedKeys, PublishedKeysFailure } from "../../../shared/verify/published-keys.ts";
import { followBundle } from "../../../shared/workload-api/bundle-feed.ts";
import { createClock } from "../../stage/clock.ts";
import { publicJwk, TRUST_DOMAIN } from "../verify/craft.ts";

const SECOND = 1_000;
const DOWN: PublishedKeysFailure = {
  code: "keys_unreadable",
  url: "https://x.example",
  what: "did not answer",
};

function bundle(kid: "rsa" | "p256", more: object = {}): PublishedKeys {
  const document = { keys: [publicJwk(kid, { use: "jwt-svid" })], ...more } as unknown as JsonObject;
  const read = readKeySet(document, "jwt-svid");
  if (!read.ok) throw new Error(read.error);
  return { ...read.value, document };
}

/** @param read what is read at an instant, in milliseconds since the start. */
function follow(first: PublishedKeys, read: (since: number) => Result<PublishedKeys, PublishedKeysFailure>) {
  const clock = createClock(0);
  const ended = new AbortController();
  const [reads, changes, failures]: [number[], number[], number[]] = [[], [], []];
  const feed = followBundle(
    TRUST_DOMAIN as TrustDomain,
    first,
    {
      read: async () => {
        reads.push(clock.nowMs() / SECOND);
        return read(clock.nowMs());
      },
      pause: clock.pause,
      onChange: () => void changes.push(clock.nowMs() / SECOND),
      onFailure: () => void failures.push(clock.nowMs() / SECOND),
    },
    ended.signal,
  );
  return { clock, feed, reads, changes, failures, end: () => ended.abort() };
}

const kidsOf = ({ jwks }: { jwks: string }) => JSON.parse(jwks).keys.map(({ kid }: { kid: string }) => kid);

describe("the bundle is read again", () => {
  test.each([
    ["after five minutes without a hint", {}, 300],
    ["as its hint says", { spiffe_refresh_hint: 75 }, 75],
    ["not more often than every 10 seconds", { spiffe_refresh_hint: 0 }, 10],
    ["not more often, whatever it says", { spiffe_refresh_hint: -5 }, 10],
    ["at least every hour", { spiffe_refresh_hint: 31_536_000 }, 3_600],
    ["after five minutes with a hint that is none", { spiffe_refresh_hint: "60" }, 300],
  ])("%s", async (_, more, seconds) => {
    const same = bundle("rsa", more);
    const { clock, reads, changes } = follow(same, () => ok(same));
    await clock.advance(3 * seconds * SECOND);
    expect(reads).toEqual([seconds, 2 * seconds, 3 * seconds]);
    expect(changes).toEqual([]);
  });

  test("as the newest hint says", async () => {
    const { clock, reads } = follow(bundle("rsa", { spiffe_refresh_hint: 100 }), () =>
      ok(bundle("rsa", { spiffe_refresh_hint: 20 })),
    );
    await clock.advance(150 * SECOND);
    expect(reads).toEqual([100, 120, 140]);
  });

  test("no more once the job has ended", async () => {
    const { clock, reads, end } = follow(bundle("rsa"), () => ok(bundle("rsa")));
    await clock.advance(301 * SECOND);
    end();
    await clock.advance(3_600 * SECOND);
    expect([reads, clock.pending()]).toEqual([[300], 0]);
  });
});

test("a change is told to all who wait, once", async () => {
  const { clock, feed, changes, end } = follow(bundle("rsa"), (at) =>
    ok(bundle(at < 600 * SECOND ? "rsa" : "p256")),
  );
  const woken: string[] = [];
  const over = new AbortController();
  for (const name of ["a", "b"]) void feed.changed(over.signal).then(() => woken.push(name));
  await clock.advance(599 * SECOND);
  expect(woken).toEqual([]);
  await clock.advance(SECOND);
  expect([woken, changes, kidsOf(feed.current())]).toEqual([["a", "b"], [600], ["p256"]]);
  await clock.advance(3_600 * SECOND);
  expect(changes).toEqual([600]);
  end();
});

test("whoever waits no more is told so", async () => {
  const { feed, end } = follow(bundle("rsa"), () => ok(bundle("rsa")));
  const over = new AbortController();
  const waiting = feed.changed(over.signal);
  over.abort();
  await waiting;
  await feed.changed(over.signal);
  end();
});

test("the last keys stay while the bundle cannot be read, and each failure is told", async () => {
  const { clock, feed, reads, failures, changes } = follow(
    bundle("rsa", { spiffe_refresh_hint: 60 }),
    (at) => (at < 600 * SECOND ? err(DOWN) : ok(bundle("p256"))),
  );
  await clock.advance(599 * SECOND);
  expect(kidsOf(feed.current())).toEqual(["rsa"]);
  expect(failures).toEqual(reads);
  expect(reads).toHaveLength(9);
  await clock.advance(SECOND);
  expect([kidsOf(feed.current()), changes]).toEqual([["p256"], [600]]);
});

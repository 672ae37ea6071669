import { withinDeadline } from "../../../shared/deadline.ts";
import { KEEPER_TIMEOUT_SECONDS, KV_TIMEOUT_SECONDS } from "../../limits.ts";
import type { KekSecrets } from "../../store/secrets.ts";
import type { MacFailure } from "../../store/value-mac.ts";
import type { KeeperClient } from "../keeper-client.ts";
import { type RingKv, readRing } from "../kv-ring.ts";
import { decodeRing } from "../ring/ring-codec.ts";
import { createRingCopies } from "../ring-copy.ts";
import { importKeyWith } from "./import-key.ts";
import { SigningKeys } from "./signing-keys.ts";

export interface SigningKeysParts {
  readonly kv: RingKv;
  readonly keeper: Pick<KeeperClient, "ring">;
  readonly kek: KekSecrets;
  /** Is told, once, of a copy in KV that the keeper did not write. */
  readonly report: (reason: MacFailure) => void;
}

/** The signing keys of one isolate, read from KV and from the keeper. */
export function createSigningKeys({ kv, keeper, kek, report }: SigningKeysParts): SigningKeys {
  return new SigningKeys({
    readKv: () => within(KV_TIMEOUT_SECONDS, readRing(kv)),
    askKeeper: (settings, now) => within(KEEPER_TIMEOUT_SECONDS, keeper.ring(settings, now)),
    openCopy: createRingCopies(kek).open,
    reportCopy: report,
    decode: decodeRing,
    importKey: importKeyWith(kek),
  });
}

function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  return withinDeadline(work, AbortSignal.timeout(seconds * 1000));
}

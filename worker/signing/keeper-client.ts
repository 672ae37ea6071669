import type { SvidAlgorithm } from "../../shared/svid.ts";
import type { KeySettings } from "./ring/ring.ts";

/** The name of the one object of its class. */
const KEEPER_NAME = "ring";

/** `keys` of the trust document in a form that crosses to the object. */
export interface KeeperSettings {
  readonly rotateEverySeconds: number;
  readonly algorithms: readonly SvidAlgorithm[];
  readonly revoked: readonly string[];
}

/** What the keeper's object answers. `now` is the caller's clock, in Unix seconds. */
export interface KeeperStub {
  ring(settings: KeeperSettings, now: number): Promise<string>;
  advance(settings: KeeperSettings, now: number): Promise<unknown>;
}

/** The keeper as an isolate sees it. `now` is the isolate's clock, in Unix seconds. */
export interface KeeperClient {
  /** The original of the ring, as `encodeRing` writes it. */
  ring(settings: KeySettings, now: number): Promise<string>;
  /** Brings the ring up to date: what cron asks for. */
  advance(settings: KeySettings, now: number): Promise<void>;
}

/** @param namespace gives a new stub for each call: a stub belongs to the request that made it. */
export function createKeeperClient(namespace: { getByName(name: string): KeeperStub }): KeeperClient {
  return {
    ring: (settings, now) => namespace.getByName(KEEPER_NAME).ring(encodeSettings(settings), now),
    advance: async (settings, now) => {
      await namespace.getByName(KEEPER_NAME).advance(encodeSettings(settings), now);
    },
  };
}

function encodeSettings({ rotateEverySeconds, algorithms, revoked }: KeySettings): KeeperSettings {
  return { rotateEverySeconds, algorithms: [...algorithms], revoked: [...revoked] };
}

/** The settings as the keeper uses them. */
export function decodeSettings({ rotateEverySeconds, algorithms, revoked }: KeeperSettings): KeySettings {
  return { rotateEverySeconds, algorithms, revoked: new Set(revoked) };
}

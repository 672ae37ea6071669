import { hasPassed } from "../../shared/elapsed.ts";
import { MAX_PASSES } from "../limits.ts";
import type { TrustInForce } from "../trust/trust-in-force.ts";
import type { Pass } from "./pass.ts";

/**
 * The passes that an isolate has in memory, by application and hash of the caller's token. A new trust document ends all
 * of them: it may have other rules, or revoke the key of a token or of an assertion.
 * So does a clock that is set back: the assertion of a pass from the future would be valid for too long.
 */
export class Passes {
  readonly #kept = new Map<string, Pass>();
  #trust: TrustInForce | undefined;

  find(application: string, hash: string, trust: TrustInForce, now: number): Pass | undefined {
    this.#follow(trust);
    const pass = this.#kept.get(nameOf(application, hash));
    if (pass === undefined) return undefined;
    return hasPassed(pass.freshUntil - pass.madeAt, pass.madeAt, now) ? undefined : pass;
  }

  keep(application: string, hash: string, trust: TrustInForce, pass: Pass): void {
    this.#follow(trust);
    const name = nameOf(application, hash);
    this.#kept.delete(name);
    this.#kept.set(name, pass);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_PASSES && oldest !== undefined) this.#kept.delete(oldest);
  }

  #follow(trust: TrustInForce): void {
    if (trust === this.#trust) return;
    this.#kept.clear();
    this.#trust = trust;
  }
}

function nameOf(application: string, hash: string): string {
  return `${application} ${hash}`;
}

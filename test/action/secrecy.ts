import { statSync } from "node:fs";
import { expect } from "vitest";
import type { Step } from "../stage/runner.ts";

/** What the step told the runner to hide, in order: each ID token, then the SVID. */
export function maskedBy(step: Step): string[] {
  return [...step.stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, token = ""]) => token);
}

/** No token, nor a part of one that says something, where people read or later steps look. */
export function expectNoTokenIn(step: Step): void {
  const log = step.stdout.replaceAll(/^::add-mask::.*$/gm, "") + step.stderr;
  const places = { log, env: step.files.env, state: step.files.state, summary: step.files.summary };
  for (const part of maskedBy(step).flatMap(parts)) {
    for (const [place, text] of Object.entries(places)) {
      expect(text.includes(part), `a token is in the ${place}`).toBe(false);
    }
  }
}

/** The mask command comes before any other sight of the token. */
export function expectMaskedFirst(step: Step, token: string): void {
  const [before = "", after] = step.stdout.split(`::add-mask::${token}`);
  expect(after, "the token is masked").toBeDefined();
  expect(parts(token).filter((part) => before.includes(part))).toEqual([]);
}

/** The header is the same for all tokens of a key and says nothing. */
function parts(token: string): string[] {
  return [token, ...token.split(".").slice(1)];
}

/** Windows has no permission bits: there, a file has the rights of its folder. */
export function expectMode(path: string, mode: "600" | "700"): void {
  if (process.platform !== "win32") expect((statSync(path).mode & 0o777).toString(8)).toBe(mode);
}

import type { JsonObject, JsonValue } from "../../json.ts";
import type { IssuerType } from "../model/issuer.ts";
import type { Fixture } from "./fixture.ts";
import { GITHUB_FIXTURES, GITHUB_PUSH, madeByGithub } from "./github-fixtures.ts";
import { GITLAB_FIXTURES, GITLAB_PUSH, madeByGitlab } from "./gitlab-fixtures.ts";

/** Every fixture, by the name that a test uses. */
export const FIXTURES = { ...GITHUB_FIXTURES, ...GITLAB_FIXTURES } as const;

export type FixtureName = keyof typeof FIXTURES;

export function isFixtureName(name: string): name is FixtureName {
  return Object.hasOwn(FIXTURES, name);
}

/**
 * The claims of a fixture with some of its own replaced or, by `null`, taken away. Claims that the provider makes out of
 * others (`sub`, `workflow_ref`, `ref_path` …) follow them unless they are replaced too.
 */
export function fixtureClaims(name: FixtureName, issuer: string, overrides: JsonObject = {}): JsonObject {
  const fixture: Fixture = FIXTURES[name];
  const base = fixture.type === "github" ? GITHUB_PUSH : GITLAB_PUSH;
  const claims = { ...base, ...fixture.claims, ...overrides };
  const made = fixture.type === "github" ? madeByGithub(claims) : madeByGitlab(claims, issuer);
  return withoutNulls({ ...registered(fixture.type), ...made, ...claims, iss: issuer });
}

/** When every fixture is minted: 2026-11-22T10:00:00Z. */
const MINTED_AT = 1_795_341_600;

function registered(type: IssuerType): JsonObject {
  const [validBefore, lifetime] = type === "github" ? [600, 300] : [5, 3_600];
  return {
    jti: "0f7c9a52-6a1e-4f0b-9c1d-4b8a2f3e7d61",
    iat: MINTED_AT,
    nbf: MINTED_AT - validBefore,
    exp: MINTED_AT + lifetime,
  };
}

function withoutNulls(claims: JsonObject): JsonObject {
  const kept = Object.entries(claims).filter(
    (entry): entry is [string, Exclude<JsonValue, null>] => entry[1] !== null,
  );
  return Object.fromEntries(kept);
}

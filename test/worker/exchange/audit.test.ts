import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { VerifiedClaims } from "../../../shared/claims.ts";
import { DENIALS, type DenialCode, deny } from "../../../shared/denial.ts";
import type { SpiffeId } from "../../../shared/spiffe-id.ts";
import type { Grant } from "../../../shared/svid.ts";
import type { IssuerType } from "../../../shared/trust/model/issuer.ts";
import { auditFields, auditPoint, type Outcome } from "../../../worker/exchange/audit.ts";
import { LOG_EVENTS, logLine } from "../../../worker/log.ts";
import { allowedIssuer, goodClaims, type Json, NOW } from "../../shared/subject-token/craft.ts";

const grant: Grant = {
  policy: "deploy",
  spiffeId: "spiffe://ci.example.org/a" as SpiffeId,
  audience: "https://vault.example.org",
  algorithm: "ES256",
  ttlSeconds: 300,
  claims: { secret: "claim-of-the-svid" },
};

const svid = { token: "the.svid.itself", jti: "s-1", kid: "k-1", exp: NOW + 300 };

function allowed(type: IssuerType = "github", claims: Json = {}): Outcome {
  return {
    now: NOW,
    requestId: "r-1",
    result: { ok: true, value: { kind: "issued", grant, svid, configVersion: "v-1" } },
    trail: {
      subjectTokenHash: "ab".repeat(32),
      configVersion: "v-1",
      issuer: allowedIssuer({ type }),
      claims: goodClaims(claims) as VerifiedClaims,
      policyAsked: "deploy",
      grant,
    },
    latencyMs: 4.4,
    colo: "FRA",
  };
}

const denied = (code: DenialCode, more: Partial<Outcome> = {}): Outcome => ({
  ...allowed(),
  result: { ok: false, error: deny(code, "Something that nobody needs twice.") },
  ...more,
});

/** Told `code` alone, for a reason with another code, words and checks. */
const CHECKS = [{ policy: "deploy", attribute: "jwt.claim.ref", value: "refs/heads/dev", pass: false }];
const refusedBecause = (
  reason: DenialCode,
  code: DenialCode = "policy_denied",
  told = "You are refused.",
): Partial<Outcome> => {
  const cause = deny("policy_denied", told, { cause: deny(reason, "The whole reason.", { checks: CHECKS }) });
  return { result: { ok: false, error: code === "policy_denied" ? cause : deny(code, told, { cause }) } };
};

const auditLine = (outcome: Outcome): string => logLine("exchange", auditFields(outcome));
const fieldsOf = (outcome: Outcome): Json => JSON.parse(auditLine(outcome)) as Json;

const RUN = {
  github: {
    repository: "o/r",
    repository_id: "7",
    run_id: "1",
    run_attempt: "2",
    check_run_id: 3,
    actor: "a",
    event_name: "push",
  },
  gitlab: {
    project_path: "g/p",
    project_id: "7",
    pipeline_id: "1",
    job_id: "2",
    user_login: "u",
    pipeline_source: "push",
  },
  jwt: {},
} as const;

test("an allowed exchange says everything, on one line", () => {
  const line = auditLine(allowed("github", { ...RUN.github, sub: "repo:o/r\nevent: forged" }));
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toEqual({
    event: "exchange",
    time: "2026-11-22T10:00:00Z",
    request_id: "r-1",
    decision: "allowed",
    issuer_id: "ci",
    issuer: "https://issuer.example",
    subject_sha256: "ab".repeat(32),
    subject: "repo:o/r\nevent: forged",
    subject_jti: "t-1",
    run: RUN.github,
    policy_asked: "deploy",
    policy: "deploy",
    spiffe_id: "spiffe://ci.example.org/a",
    audience: "https://vault.example.org",
    svid_jti: "s-1",
    kid: "k-1",
    expires: "2026-11-22T10:05:00Z",
    config_version: "v-1",
    latency_ms: 4,
    colo: "FRA",
  });
});

test("each type of issuer names its runs by its own claims, and only by what may stand in a line", () => {
  for (const type of ["github", "gitlab", "jwt"] as const) {
    expect(fieldsOf(allowed(type, { ...RUN.github, ...RUN.gitlab }))["run"]).toEqual(RUN[type]);
  }
  const odd = { run_id: { a: 1 }, actor: ["x"], repository: "x".repeat(1_000), event_name: null };
  expect(fieldsOf(allowed("github", odd))["run"]).toEqual({ repository: "x".repeat(256) });
});

test("what was not proved is not there", () => {
  const nothing: Outcome = {
    now: NOW,
    requestId: "r-1",
    result: denied("token_malformed").result,
    trail: {},
    latencyMs: 0,
    colo: undefined,
  };
  expect(fieldsOf(nothing)).toEqual({
    event: "exchange",
    time: "2026-11-22T10:00:00Z",
    request_id: "r-1",
    decision: "denied",
    code: "token_malformed",
    latency_ms: 0,
  });
});

test("a dry run names what would have been, and no SVID", () => {
  const fields = fieldsOf({
    ...allowed(),
    result: { ok: true, value: { kind: "planned", grant, configVersion: "v-1" } },
  });
  expect(fields).toMatchObject({ decision: "dry_run", spiffe_id: grant.spiffeId });
  expect(Object.keys(fields)).not.toEqual(expect.arrayContaining(["svid_jti"]));
  expect([fields["kid"], fields["expires"]]).toEqual([undefined, undefined]);
});

test("every code is denied or failed, by its status", () => {
  for (const code of Object.keys(DENIALS) as DenialCode[]) {
    const expected = DENIALS[code].status >= 500 ? "failed" : "denied";
    expect(fieldsOf(denied(code))).toMatchObject({ decision: expected, code });
  }
});

test("what the caller is not told is in the line: the whole reason, its code and its checks", () => {
  expect(fieldsOf(denied("policy_denied", refusedBecause("policy_unknown")))).toMatchObject({
    code: "policy_denied",
    cause: "policy_unknown",
    reason: "The whole reason.",
    checks: CHECKS,
  });
  const limited = fieldsOf(denied("rate_limited", refusedBecause("guard_refused", "rate_limited")));
  expect(limited).toMatchObject({
    code: "rate_limited",
    cause: "guard_refused",
    reason: "The whole reason.",
  });
  const same = fieldsOf(denied("policy_denied", refusedBecause("policy_denied")));
  expect(same).toMatchObject({ code: "policy_denied", reason: "The whole reason.", checks: CHECKS });
  expect(same).not.toHaveProperty("cause");
  const whole = fieldsOf({
    ...denied("policy_denied"),
    result: { ok: false, error: deny("policy_denied", "All is said.", { checks: CHECKS }) },
  });
  expect(whole).toMatchObject({ code: "policy_denied", checks: CHECKS });
  expect(Object.keys(whole)).not.toEqual(expect.arrayContaining(["reason"]));
});

test("neither the SVID, nor its claims, nor a denial's words get into a line or a point", () => {
  const told = "Something that nobody needs twice.";
  const less = denied("policy_denied", refusedBecause("policy_unknown", "rate_limited", told));
  for (const outcome of [allowed(), denied("policy_denied"), less]) {
    const written = auditLine(outcome) + JSON.stringify(auditPoint(outcome));
    expect(written).not.toMatch(/the\.svid\.itself|claim-of-the-svid|nobody needs twice/);
  }
});

describe("docs/reference/audit.md", () => {
  const page = readFileSync("docs/reference/audit.md", "utf8");
  const table = (heading: string): string[] => {
    const section = page.slice(page.indexOf(heading));
    const rows = section.slice(section.indexOf("|")).split("\n\n")[0] ?? "";
    return [...rows.matchAll(/^\| `(\w+)` \|/gm)].map((row) => String(row[1]));
  };

  test("has a row for each field, in the line's order", () => {
    const limited = denied("rate_limited", refusedBecause("policy_unknown", "rate_limited"));
    const written = { ...fieldsOf(limited), ...fieldsOf(allowed("github", RUN.github)) };
    const rows = table("## Fields");
    expect(rows.toSorted()).toEqual(Object.keys(written).toSorted());
    expect(rows.filter((row) => row !== "event")).toEqual([...LOG_EVENTS.exchange.fields]);
  });

  test("names the claims of a run", () => {
    for (const type of ["github", "gitlab"] as const) {
      const names = Object.keys(RUN[type]).map((name) => `\`${name}\``);
      expect(page).toContain(`| \`${type}\` | ${names.join(", ")} |`);
    }
  });

  test("has a row for each column of the counts, in order", () => {
    const point = auditPoint(allowed());
    const rows = page.slice(page.indexOf("## Counts"));
    const columns = [...rows.matchAll(/^\| `([a-z]+\d)` \| `(\w+)`/gm)].map(([, column, field]) => [
      column,
      field,
    ]);
    expect(columns).toEqual([
      ["index1", "issuer_id"],
      ["blob1", "decision"],
      ["blob2", "code"],
      ["blob3", "issuer_id"],
      ["blob4", "policy"],
      ["blob5", "audience"],
      ["blob6", "colo"],
      ["double1", "latency_ms"],
    ]);
    expect(point).toEqual({
      indexes: ["ci"],
      blobs: ["allowed", "", "ci", "deploy", "https://vault.example.org", "FRA"],
      doubles: [4.4],
    });
  });

  test("asks only for fields that there are", () => {
    const written = Object.values(LOG_EVENTS).flatMap((event): readonly string[] => event.fields);
    const fields = new Set(["event", ...written, "repository", "project_path"]);
    const queries = [...page.matchAll(/```sh\n(.*?)```/gs)].map((block) =>
      (block[1] ?? "").replace(/"[^"]*"/g, ""),
    );
    const asked = queries.flatMap((query) =>
      [...query.matchAll(/[ (|[{,]\.([a-z_]\w*)/g)].map((match) => match[1] ?? ""),
    );
    expect(asked.length).toBeGreaterThan(12);
    expect(asked.filter((name) => !fields.has(name))).toEqual([]);
  });
});

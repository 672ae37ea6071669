import { type Condition, literalsOf } from "../model/condition.ts";
import { conditionOn } from "../model/policy.ts";
import { conditionPath, type Subject, warning } from "./finding.ts";

/** Lints of refs: GitHub's `ref` is a full name (`refs/heads/main`), GitLab's is a short one and `ref_path` the full one. */

export function refWithoutType({ policy, issuer }: Subject) {
  const condition = conditionOn(policy, "jwt.claim.ref");
  if (condition === undefined || issuer.type === "jwt") return [];
  if (conditionOn(policy, "jwt.claim.ref_type") !== undefined) return [];
  const isCertain =
    issuer.type === "github"
      ? areFull(textsOf(condition))
      : conditionOn(policy, "jwt.claim.ref_path") !== undefined;
  if (isCertain) return [];
  const advice =
    issuer.type === "github"
      ? "write the whole ref, such as refs/heads/main, or add jwt.claim.ref_type"
      : "write jwt.claim.ref_path: refs/heads/… instead, or add jwt.claim.ref_type";
  const message = `a tag and a branch may have the same name; ${advice}`;
  return [warning(conditionPath(policy, condition), "ref-without-type", message)];
}

export function unprotectedRef({ policy, issuer }: Subject) {
  const condition = conditionOn(policy, "jwt.claim.ref") ?? conditionOn(policy, "jwt.claim.ref_path");
  const protections = ["jwt.claim.ref_protected", "jwt.claim.environment_protected"];
  if (issuer.type === "github") protections.push("jwt.claim.environment");
  if (condition === undefined || issuer.type === "jwt") return [];
  if (protections.some((name) => conditionOn(policy, name) !== undefined)) return [];
  if (issuer.type === "github" && !hasPattern(condition)) return [];
  const advice =
    issuer.type === "github"
      ? "add jwt.claim.environment, and limit its deployment branches in the repository"
      : 'add jwt.claim.ref_protected: "true"';
  const message = `everybody who may push can create a ref that matches; ${advice}`;
  return [warning(conditionPath(policy, condition), "unprotected-ref", message)];
}

/** A ref under `refs/tags/` with the type branch, or the other way round. */
export function contradictoryRef({ policy, issuer }: Subject) {
  const type = conditionOn(policy, "jwt.claim.ref_type");
  const ref = conditionOn(policy, issuer.type === "github" ? "jwt.claim.ref" : "jwt.claim.ref_path");
  const types = type === undefined ? undefined : literalsOf(type);
  if (issuer.type === "jwt" || types === undefined || ref === undefined) return [];
  const kinds = textsOf(ref).map((text) =>
    text.startsWith("refs/tags/") ? "tag" : text.startsWith("refs/heads/") ? "branch" : "any",
  );
  if (kinds.length === 0 || kinds.some((kind) => kind === "any" || types.has(kind))) return [];
  const message = `no token meets this condition: the ref is a ${kinds[0]}, but ref_type is ${[...types].join(" or ")}; correct one of the two`;
  return [warning(conditionPath(policy, ref), "never-matches", message)];
}

/** The values and patterns that a condition takes: none for `not` and `exists`. */
function textsOf({ matcher }: Condition): readonly string[] {
  if (matcher.kind !== "any-of") return [];
  return [...matcher.literals, ...matcher.globs.map(({ pattern }) => pattern)];
}

function hasPattern({ matcher }: Condition): boolean {
  return matcher.kind === "any-of" && matcher.globs.length > 0;
}

function areFull(refs: readonly string[]): boolean {
  return refs.length > 0 && refs.every((ref) => /^refs\/(?:heads|tags|pull)\//.test(ref));
}

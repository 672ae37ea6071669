import { type Denial, deny } from "../../shared/denial.ts";
import { type JsonObject, ownMember } from "../../shared/json.ts";
import { MAX_TOKEN_MEMBERS } from "../../shared/limits.ts";
import { endWithSuggestion } from "../../shared/nearest-word.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { parseSpiffeId } from "../../shared/spiffe-id.ts";
import { readCompactJws } from "../../shared/strict/compact-jws.ts";
import { parseStrictObject } from "../../shared/strict/json.ts";
import type { Application } from "../../shared/trust/model/application.ts";
import { type SvidAttributes, supposedSvidAttributesOf } from "../../shared/trust/model/svid-attributes.ts";
import { applicationNamed, type TrustConfig } from "../../shared/trust/model/trust-config.ts";
import { judgeSvidClaims } from "../../shared/verify/claims.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { readSvid } from "../svid-argument.ts";

/** The caller of an application, by its SVID. */
export interface SvidCaller {
  readonly attributes: SvidAttributes;
  /** Why the gateway refuses the SVID before it looks at rules. Its signature is not judged. */
  readonly findings: readonly Denial[];
}

/** Finds the application that `--application` names. */
export function findApplication(config: TrustConfig, name: string): Result<Application, Failure> {
  const found = applicationNamed(config, name);
  if (found !== undefined) return ok(found);
  const names = Array.from(config.applications.values(), (application) => application.name);
  return misused(
    `No application has the name ${printable(name)}${endWithSuggestion(name, names)}`,
    names.length === 0
      ? "Add applications to the trust document (docs/reference/applications.md)."
      : `Give --application one of these names: ${names.join(", ")}.`,
  );
}

/** Reads the SVID that `--svid` names: a JWT, or its claims as JSON text, which have no audience and no dates to judge. */
export async function readCaller(
  config: TrustConfig,
  { audience }: Application,
  place: string,
  ports: Ports,
): Promise<Result<SvidCaller, Failure>> {
  if (place.trimStart().startsWith("{")) {
    const claims = parseStrictObject(new TextEncoder().encode(place), MAX_TOKEN_MEMBERS);
    return claims.ok ? callerOf(claims.value, []) : refused("claims_malformed", claims.error);
  }
  const token = await readSvid(place, ports);
  if (!token.ok) return token;
  const jws = readCompactJws(token.value);
  if (!jws.ok) return refused("malformed", jws.error.what);
  const { trustDomain, issuer } = config;
  const expected = { audiences: [audience], trustDomain, issuer };
  const judged = judgeSvidClaims(jws.value.claims, expected, ports.nowMs() / 1000);
  const refusal = judged.ok ? [] : [deny("caller_token_refused", `The token ${judged.error.what}.`)];
  return callerOf(jws.value.claims, refusal);
}

function callerOf(claims: JsonObject, findings: readonly Denial[]): Result<SvidCaller, Failure> {
  const subject = ownMember(claims, "sub");
  const id = parseSpiffeId(typeof subject === "string" ? subject : "");
  if (!id.ok) return refused("claims_malformed", `has a sub that is not a SPIFFE ID: ${id.error}`);
  return ok({ attributes: supposedSvidAttributesOf({ spiffeId: id.value, claims }), findings });
}

function refused(code: string, what: string): Result<never, Failure> {
  return failed(code, `The SVID ${what}.`, [
    "Give --svid the SVID, a file that holds it, or - for standard input, or",
    `give its claims: --svid '{"sub": "spiffe://ci.example.org/github/7"}'`,
  ]);
}

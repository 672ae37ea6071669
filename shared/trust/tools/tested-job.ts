import type { JsonObject } from "../../json.ts";
import { didYouMean } from "../../nearest-word.ts";
import { err, ok, type Result } from "../../result.ts";
import { type Attributes, supposedAttributesOf } from "../model/attributes.ts";
import type { TestedJob } from "../model/document-test.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { issuersById, type TrustConfig } from "../model/trust-config.ts";
import { FIXTURES, fixtureClaims, isFixtureName } from "./fixtures.ts";

/** A job as the policies see it. */
export interface Job {
  readonly issuer: AllowedIssuer;
  readonly attributes: Attributes;
}

/**
 * @param audience what `aud` of the job's token is; absent: that of the issuer's tokens for the exchange.
 * @returns the job, or why there is none, as a sentence.
 */
export function jobOf(config: TrustConfig, tested: TestedJob, audience?: string): Result<Job, string> {
  const issuer = issuersById(config).get(tested.issuer);
  if (issuer === undefined) return err(`no allowed issuer has the id ${tested.issuer}`);
  const problem = fixtureProblem(tested, issuer);
  if (problem !== undefined) return err(problem);
  const claims = claimsOf(tested, issuer, audience ?? issuer.audience);
  return ok({ issuer, attributes: supposedAttributesOf(issuer, claims) });
}

function fixtureProblem({ fixture }: TestedJob, issuer: AllowedIssuer): string | undefined {
  if (fixture === undefined) return undefined;
  const known = Object.keys(FIXTURES);
  if (!isFixtureName(fixture))
    return `there is no fixture ${fixture}${didYouMean(fixture, known) || `; write one of ${known.join(", ")}`}`;
  const { type } = FIXTURES[fixture];
  return type === issuer.type
    ? undefined
    : `${fixture} is a token of type ${type}, but the issuer ${issuer.id} is of type ${issuer.type}; use another fixture`;
}

function claimsOf({ fixture, claims = {} }: TestedJob, issuer: AllowedIssuer, aud: string): JsonObject {
  const registered = { aud, iss: issuer.issuer };
  if (fixture === undefined || !isFixtureName(fixture)) return { ...registered, ...claims };
  return { ...registered, ...fixtureClaims(fixture, issuer.issuer, claims) };
}

import { isJsonObject, type JsonObject } from "../../json.ts";
import type { Path } from "../../shape.ts";
import { type ApplicationTestEntry, applicationTestShape, testShape } from "../document/test-shape.ts";
import type { ApplicationTest, DocumentTest, PolicyTest } from "../model/document-test.ts";
import { errorAt, type Report, type Rule } from "../model/problem.ts";
import { applicationNames, checkReference, issuerNames } from "./reference.ts";
import { unique } from "./unique.ts";

/** What tests may name: what the document writes, also where it was refused. */
export interface NamesOfDocument {
  readonly issuers: readonly string[];
  readonly applications: readonly string[];
}

/** Compiles `tests`. Whether a fixture exists is judged when the test is run: the exchange knows no fixtures. */
export function compileTests(
  entries: readonly unknown[],
  names: NamesOfDocument,
  report: Report,
): readonly DocumentTest[] {
  const once = unique("name", report);
  return entries.flatMap((entry, index) => {
    const at = ["tests", index];
    const isOfApplication = isJsonObject(entry) && Object.hasOwn(entry, "application");
    const test = (isOfApplication ? compileApplicationTest : compilePolicyTest)(entry, names, at, report);
    if (test !== undefined) once(test.name, [...at, "name"]);
    return test ?? [];
  });
}

function compilePolicyTest(
  input: unknown,
  { issuers }: NamesOfDocument,
  at: Path,
  report: Report,
): PolicyTest | undefined {
  const entry = testShape.read(input, at, report);
  if (entry === undefined) return undefined;
  checkReference(entry.issuer, issuerNames(issuers), [...at, "issuer"], report);
  checkExpectation(entry.expect, "a grant", at, report);
  const { claims, ...rest } = entry;
  return claims === undefined ? rest : { ...rest, claims: jsonOf(claims) };
}

function compileApplicationTest(
  input: unknown,
  names: NamesOfDocument,
  at: Path,
  report: Report,
): ApplicationTest | undefined {
  const entry = applicationTestShape.read(input, at, report);
  if (entry === undefined) return undefined;
  const { name, application, expect } = entry;
  const { applications } = names;
  checkReference(application, applicationNames(applications), [...at, "application"], report);
  checkExpectation(expect, "what an application is told", at, report);
  const caller = compileCaller(entry, names, at, report);
  return caller && { name, application, caller, expect };
}

/** The caller: a job of an issuer, or an SVID. */
function compileCaller(
  { issuer, svid, fixture, claims, policy }: ApplicationTestEntry,
  { issuers }: NamesOfDocument,
  at: Path,
  report: Report,
): ApplicationTest["caller"] | undefined {
  if ((issuer === undefined) === (svid === undefined)) {
    return refuse(at, "shape", "the test has no caller, or two; write issuer for a job, or svid for an SVID");
  }
  if (svid !== undefined) {
    if (fixture !== undefined || claims !== undefined || policy !== undefined) {
      return refuse(at, "contradiction", "an SVID has no fixture, claims or policy; keep svid alone");
    }
    return { spiffeId: svid.id, claims: jsonOf(svid.claims ?? []) };
  }
  if (issuer === undefined) return undefined;
  checkReference(issuer, issuerNames(issuers), [...at, "issuer"], report);
  return {
    issuer,
    ...(fixture === undefined ? {} : { fixture }),
    ...(claims === undefined ? {} : { claims: jsonOf(claims) }),
    ...(policy === undefined ? {} : { policy }),
  };

  function refuse(path: Path, rule: Rule, message: string): undefined {
    report(errorAt(path, rule, message));
  }
}

function checkExpectation(
  { denied, ...granted }: { readonly denied?: string },
  what: string,
  at: Path,
  report: Report,
): void {
  if (denied === undefined || Object.keys(granted).length === 0) return;
  const message = `expect has denied and also members of ${what}; keep one of the two`;
  report(errorAt([...at, "expect"], "contradiction", message));
}

/** Any JSON value may stand for a claim, so what the shape read is JSON. */
function jsonOf(claims: readonly (readonly [string, unknown])[]): JsonObject {
  return Object.fromEntries(claims) as JsonObject;
}

import type { Path } from "../../shape.ts";
import type { SvidAlgorithm } from "../../svid.ts";
import type { ApplicationEntry } from "../document/application-shape.ts";
import type { AssertionForm, HeaderTemplate, Origin } from "../model/application.ts";
import { ASSERTION_HEADER } from "../model/header.ts";
import { errorAt, type Report, type Rule } from "../model/problem.ts";
import { headerNameProblem } from "./application-header.ts";

const DEFAULT_TTL_SECONDS = 60;

/** What `assertion.header` says where only headers of `rewrite` carry the assertion. */
const NO_HEADER = "none";

interface Algorithms {
  readonly algorithm: SvidAlgorithm;
  /** Those that the exchange has keys for. */
  readonly algorithms: readonly SvidAlgorithm[];
}

/** Compiles `assertion`. @returns no header where the assertion has none of its own. */
export function compileAssertion(
  { assertion = {} }: ApplicationEntry,
  origin: Origin | undefined,
  { algorithm: usual, algorithms }: Algorithms,
  at: Path,
  report: Report,
): { readonly form?: AssertionForm; readonly header?: HeaderTemplate } {
  const { header = ASSERTION_HEADER, algorithm = usual, ttl = DEFAULT_TTL_SECONDS } = assertion;
  const nameProblem = headerNameProblem(header);
  if (nameProblem !== undefined) refuse("header", "header", nameProblem);
  if (!algorithms.includes(algorithm)) {
    const message = `keys.algorithms does not have ${algorithm}, so no key can sign with it; add it there`;
    refuse("algorithm", "contradiction", message);
  }
  const audience = assertion.audience ?? (hasAddress(origin) ? origin?.url : undefined);
  if (audience === undefined && origin !== undefined) {
    refuse("audience", "shape", "audience is missing; add the aud that the application expects");
  }
  const claims = assertion.claims ?? "roles-and-traits";
  return {
    ...(audience === undefined ? {} : { form: { audience, algorithm, ttlSeconds: ttl, claims } }),
    ...(header === NO_HEADER ? {} : { header: carrier(header) }),
  };

  function refuse(name: string, rule: Rule, message: string): void {
    report(errorAt([...at, name], rule, message));
  }
}

/** Whether the origin's address is the application's own, which is a good `aud` for it. */
function hasAddress(origin: Origin | undefined): boolean {
  const kind = origin?.binding?.kind;
  return kind === undefined || kind === "certificate";
}

function carrier(name: string): HeaderTemplate {
  return {
    name,
    parts: [{ kind: "placeholder", attribute: { kind: "assertion", name: "internal.jwt" }, filters: [] }],
  };
}

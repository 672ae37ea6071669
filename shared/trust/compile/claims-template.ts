import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import type { Path } from "../../shape.ts";
import { shown } from "../../shown.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { type ClaimsTemplate, isPath } from "../model/template.ts";
import type { PolicyParsers } from "./parsers.ts";
import { isRegisteredClaim } from "./registered-claim.ts";

/** ASCII without spaces: no name that only looks like a registered one. */
const NAME = /^[A-Za-z0-9_.:/~-]{1,256}$/;
const MAX_DEPTH = 8;
/** How deep `claims` itself lies: `policies`, an index, `claims`. */
const CLAIMS_AT = 3;
const MAX_MEMBERS = 64;

/** Compiles the `claims` of a policy: an object whose names are free of registered claims in any letter case. */
export function compileClaims(
  input: unknown,
  parsers: PolicyParsers,
  at: Path,
  report: Report,
): ClaimsTemplate | undefined {
  if (!isJsonObject(input) || Object.keys(input).length === 0) {
    report(
      errorAt(at, "shape", `${shown(input)}; write an object with at least one claim, or remove claims`),
    );
    return undefined;
  }
  for (const name of Object.keys(input)) {
    if (isRegisteredClaim(name)) {
      report(
        errorAt(
          [...at, name],
          "registered-claim",
          `${name} is a registered claim, which only the exchange sets; use another name`,
        ),
      );
    }
  }
  return compileNode(input, parsers, at, report);
}

function compileNode(
  input: unknown,
  parsers: PolicyParsers,
  at: Path,
  report: Report,
): ClaimsTemplate | undefined {
  if (at.length > CLAIMS_AT + MAX_DEPTH)
    return refuse(`the claims are nested too deeply; write ${MAX_DEPTH} levels at most`);
  if (typeof input === "string") return compileText(input, parsers, at, report);
  if (Array.isArray(input)) {
    if (input.length > MAX_MEMBERS)
      return refuse(`the list has ${input.length} entries; write ${MAX_MEMBERS} at most`);
    const items = input.map((item, index) => compileNode(item, parsers, [...at, index], report));
    return items.includes(undefined) ? undefined : { kind: "list", items: items as ClaimsTemplate[] };
  }
  if (isJsonObject(input)) return compileMembers(input, parsers, at, report);
  if (typeof input === "boolean" || Number.isSafeInteger(input))
    return { kind: "constant", value: input as JsonValue };
  return refuse(`${shown(input)}; write text, true, false, an integer, a list or an object`);

  function refuse(message: string): undefined {
    report(errorAt(at, "shape", message));
  }
}

function compileMembers(
  input: JsonObject,
  parsers: PolicyParsers,
  at: Path,
  report: Report,
): ClaimsTemplate | undefined {
  const entries = Object.entries(input);
  if (entries.length > MAX_MEMBERS) {
    report(errorAt(at, "shape", `the object has ${entries.length} members; write ${MAX_MEMBERS} at most`));
    return undefined;
  }
  const members = entries.map(([name, value]) => {
    const path = [...at, name];
    const good = NAME.test(name) && name !== "__proto__";
    if (!good)
      report(
        errorAt(
          path,
          "shape",
          "the name of a claim may contain only A-Z a-z 0-9 _ . : / ~ -; use another name",
        ),
      );
    return [name, compileNode(value, parsers, path, report)] as const;
  });
  const compiled = members.filter((member): member is [string, ClaimsTemplate] => member[1] !== undefined);
  return compiled.length === entries.length ? { kind: "object", members: compiled } : undefined;
}

function compileText(
  input: string,
  parsers: PolicyParsers,
  at: Path,
  report: Report,
): ClaimsTemplate | undefined {
  const parts = parsers.template(input);
  if (!parts.ok) return refuse(parts.error);
  if (parts.value.some(isPath)) return refuse("the filter path is for spiffeId alone; remove it here");
  const [only, ...others] = parts.value;
  if (only === undefined) return { kind: "constant", value: "" };
  if (others.length > 0) return { kind: "text", parts: parts.value };
  if (only.kind === "text") return { kind: "constant", value: only.text };
  return only.filters.length === 0
    ? { kind: "value", placeholder: only }
    : { kind: "text", parts: parts.value };

  function refuse(message: string): undefined {
    report(errorAt(at, "template", message));
  }
}

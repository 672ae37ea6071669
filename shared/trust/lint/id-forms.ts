import { type Condition, literalsOf } from "../model/condition.ts";
import { conditionOn } from "../model/policy.ts";
import { type Placeholder, spiffeIdPlaceholders } from "../model/template.ts";
import { claimOf, knownOf } from "./claim.ts";
import type { Subject } from "./finding.ts";
import { formBy, type IdForm } from "./id-form.ts";

/** The most forms of one policy. Values beyond that are taken for any. */
const MAX_FORMS = 64;

/** Values by the name of their attribute. */
type Choice = ReadonlyMap<string, string>;

/** The forms of a policy's SPIFFE IDs, one for each choice among the values that are known to be all there are. */
export function idForms(subject: Subject): readonly IdForm[] {
  const isNumber = ({ attribute, filters }: Placeholder): boolean => {
    const claim = claimOf(attribute, subject.issuer);
    return (
      filters.length === 0 && claim?.nested === false && knownOf(attribute, subject.issuer)?.digits === true
    );
  };
  return choicesOf(subject).map((choice) =>
    formBy(subject.policy, { only: ({ attribute }) => choice.get(attribute.name), isNumber }),
  );
}

function choicesOf(subject: Subject): readonly Choice[] {
  const byName = new Map(
    spiffeIdPlaceholders(subject.policy.spiffeId).map((one) => [one.attribute.name, valuesOf(one, subject)]),
  );
  const fewestFirst = [...byName].sort(([, left], [, right]) => left.length - right.length);
  let choices: readonly Choice[] = [new Map()];
  for (const [name, values] of fewestFirst) {
    if (values.length === 0 || choices.length * values.length > MAX_FORMS) continue;
    choices = choices.flatMap((choice) => values.map((value) => new Map(choice).set(name, value)));
  }
  return choices;
}

/** All values that a placeholder can have; none where they are not known. */
function valuesOf({ attribute }: Placeholder, { policy, issuer }: Subject): readonly string[] {
  const condition: Condition | undefined = conditionOn(policy, attribute.name);
  const literals = condition === undefined ? undefined : literalsOf(condition);
  if (literals !== undefined) return [...literals];
  return claimOf(attribute, issuer)?.nested === false ? (knownOf(attribute, issuer)?.words ?? []) : [];
}

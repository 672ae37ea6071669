import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

export const TEMPLATE = "templates/svid-exchange.yml";

export interface Input {
  readonly description?: string;
  readonly default?: string;
  readonly regex?: string;
  readonly options?: readonly string[];
}

export interface Job {
  readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly before_script: readonly string[];
  readonly after_script: readonly string[];
}

export function readSpec(): Readonly<Record<string, Input>> {
  const [spec] = parseAllDocuments(readFileSync(TEMPLATE, "utf8"));
  return spec?.toJS().spec.inputs;
}

/** Does what GitLab does with `include: component`: checks the inputs, puts them into the text, reads the job. */
export function include(given: Readonly<Record<string, string>>): {
  readonly name: string;
  readonly job: Job;
} {
  const spec = readSpec();
  for (const name of Object.keys(given)) if (!(name in spec)) throw new Error(`there is no input ${name}`);
  const values = Object.fromEntries(
    Object.entries(spec).map(([name, input]) => [name, checked(name, input, given[name] ?? input.default)]),
  );
  const body = readFileSync(TEMPLATE, "utf8").split("\n---\n")[1] ?? "";
  const text = body.replace(/\$\[\[ inputs\.([a-z-]+) \]\]/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template uses ${name}, which is no input`);
    return value;
  });
  const [entry] = Object.entries(parseAllDocuments(text)[0]?.toJS() as Record<string, Job>);
  if (entry === undefined) throw new Error("the template has no job");
  return { name: entry[0], job: entry[1] };
}

function checked(name: string, { regex, options }: Input, value: string | undefined): string {
  if (value === undefined) throw new Error(`the input ${name} is required`);
  if (regex !== undefined && !new RegExp(regex).test(value))
    throw new Error(`the input ${name} is malformed`);
  if (options !== undefined && !options.includes(value)) throw new Error(`the input ${name} is no option`);
  return value;
}

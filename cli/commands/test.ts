import { printable } from "../../shared/printable.ts";
import { ok } from "../../shared/result.ts";
import {
  runDocumentTests,
  type TestReport,
  type TestResult,
} from "../../shared/trust/tools/document-tests.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import type { Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { count } from "../terminal/count.ts";
import type { Paint } from "../terminal/paint.ts";
import { applicationLines } from "../trust/application-explanation.ts";
import { explanationLines } from "../trust/explanation.ts";
import { compileTrustFile } from "../trust/trust-file.ts";
import { trustFileArgument } from "../trust/trust-file-argument.ts";

export const addTest: AddCommand = (program, ports, finish) => {
  addSubcommand(program, "test", "run the tests of a trust document with the policy engine of the exchange")
    .addArgument(trustFileArgument())
    .action(async (file: string, flags: JsonFlag) => {
      finish(await testCommand(file, ports), flags);
    });
};

/** `svid-exchange test [FILE]`: runs the tests of the document with the policy engine of the exchange. */
async function testCommand(file: string, ports: Ports): Promise<Outcome> {
  const trust = await compileTrustFile(file, ports);
  if (!trust.ok) return trust;
  const { compiled } = trust.value;
  const report = runDocumentTests(compiled);
  const results = report.results.map((result) => ({ ...result, ...compiled.yaml.positionOf(result.path) }));
  return ok({
    exit: report.passed ? 0 : 1,
    json: {
      file,
      passed: report.passed,
      untested: report.untested,
      untestedApplications: report.untestedApplications,
      tests: results.map(({ name, line, failures }) => ({
        name,
        line,
        passed: failures.length === 0,
        failures,
      })),
    },
    text: `${[...results.flatMap((result) => resultLines(file, result, ports.paint)), ...summary(report, ports.paint)].join("\n")}\n`,
  });
}

type PlacedResult = TestResult & { readonly line: number; readonly column: number };

function resultLines(file: string, result: PlacedResult, paint: Paint): readonly string[] {
  const { name, failures, explanation, application, line, column } = result;
  if (failures.length === 0) return [`${paint.good("✓")} ${printable(name)}`];
  return [
    `${paint.bad("✗")} ${printable(name)}  ${paint.dim(`${printable(file)}:${line}:${column}`)}`,
    ...failures.map((failure) => `    ${printable(failure)}`),
    ...[
      ...(explanation === undefined ? [] : explanationLines(explanation, { all: false }, paint)),
      ...(application === undefined ? [] : applicationLines(application, { all: false }, paint)),
    ].map((text) => `    ${text}`),
  ];
}

function summary({ results, untested, untestedApplications }: TestReport, paint: Paint): readonly string[] {
  const failures = results.filter((result) => result.failures.length > 0).length;
  const passed = `${results.length - failures} of ${count(results.length, "test")} passed`;
  const head =
    results.length === 0
      ? paint.warn("The document has no tests.")
      : failures > 0
        ? paint.bad(passed)
        : paint.good(passed);
  const untestedLine = (what: string, names: readonly string[], why: string) =>
    names.length === 0
      ? []
      : [`${paint.warn(`untested ${what}:`)} ${names.map(printable).join(", ")} (${why})`];
  return [
    head,
    ...untestedLine("policies", untested, "no passing test gets an SVID by them"),
    ...untestedLine("applications", untestedApplications, "no passing test lets anybody in"),
  ];
}

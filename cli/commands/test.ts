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
import { printable } from "../terminal/printable.ts";
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
  const { name, failures, explanation, line, column } = result;
  if (failures.length === 0) return [`${paint.good("✓")} ${printable(name)}`];
  return [
    `${paint.bad("✗")} ${printable(name)}  ${paint.dim(`${printable(file)}:${line}:${column}`)}`,
    ...failures.map((failure) => `    ${printable(failure)}`),
    ...(explanation === undefined
      ? []
      : explanationLines(explanation, { all: false }, paint).map((text) => `    ${text}`)),
  ];
}

function summary({ results, untested }: TestReport, paint: Paint): readonly string[] {
  const failures = results.filter((result) => result.failures.length > 0).length;
  const passed = `${results.length - failures} of ${count(results.length, "test")} passed`;
  const head =
    results.length === 0
      ? paint.warn("The document has no tests.")
      : failures > 0
        ? paint.bad(passed)
        : paint.good(passed);
  if (untested.length === 0) return [head];
  return [
    head,
    `${paint.warn("untested policies:")} ${untested.map(printable).join(", ")} (no passing test gets an SVID by them)`,
  ];
}

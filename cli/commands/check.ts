import { printable } from "../../shared/printable.ts";
import { ok } from "../../shared/result.ts";
import type { Severity } from "../../shared/trust/model/problem.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import type { Outcome } from "../outcome.ts";
import { POLICY_PAGE } from "../pages.ts";
import type { Ports } from "../ports.ts";
import { count } from "../terminal/count.ts";
import type { Paint } from "../terminal/paint.ts";
import { type CheckedTrustFile, checkTrustFile, problemLine } from "../trust/trust-file.ts";
import { trustFileArgument } from "../trust/trust-file-argument.ts";

export interface CheckFlags {
  /** Warnings make the exit code 1, too. */
  readonly strict?: boolean;
}

export const addCheck: AddCommand = (program, ports, finish) => {
  addSubcommand(program, "check", "report errors and likely mistakes in a trust document")
    .addArgument(trustFileArgument())
    .option("--strict", "exit with code 1 on warnings, too")
    .action(async (file: string, flags: CheckFlags & JsonFlag) => {
      finish(await checkCommand(file, flags, ports), flags);
    });
};

/** `svid-exchange check [FILE]`: reports every problem of the document, each with its line. */
async function checkCommand(file: string, flags: CheckFlags, ports: Ports): Promise<Outcome> {
  const checked = await checkTrustFile(file, ports);
  if (!checked.ok) return checked;
  const { problems } = checked.value;
  const amount = (severity: Severity): number => problems.filter((one) => one.severity === severity).length;
  const [errors, warnings] = [amount("error"), amount("warning")];
  const lines = [
    ...problems.map((problem) => problemLine(file, problem, ports.paint)),
    ...(problems.length > 0 ? [ports.paint.dim(`Each [rule] is explained in ${POLICY_PAGE}`)] : []),
    summary(checked.value, errors, warnings, ports.paint),
  ];
  return ok({
    exit: errors > 0 || (flags.strict === true && warnings > 0) ? 1 : 0,
    json: { file, errors, warnings, problems: problems.map((problem) => ({ ...problem })) },
    text: `${lines.join("\n")}\n`,
  });
}

function summary(
  { file, compiled }: CheckedTrustFile,
  errors: number,
  warnings: number,
  paint: Paint,
): string {
  const found = [
    ...(errors > 0 ? [paint.bad(count(errors, "error"))] : []),
    ...(warnings > 0 ? [paint.warn(count(warnings, "warning"))] : []),
  ];
  if (compiled === undefined) return `${printable(file)}: ${found.join(", ")}; it cannot be applied`;
  const { issuers, policies, applications } = compiled.config;
  const holds = [
    count(issuers.size, "issuer"),
    count([...policies.values()].flatMap((index) => index.policies).length, "policy"),
    ...(applications.size > 0 ? [count(applications.size, "application")] : []),
  ].join(", ");
  return `${printable(file)}: ${found.length > 0 ? found.join(", ") : paint.good("valid")}; ${holds}`;
}

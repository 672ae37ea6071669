import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = ".github/workflows";
const texts = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")] as const);
/** What begins an expression: GitHub puts its value into the text of a script before a shell reads that. */
const EXPRESSION = "$\u007b{";
const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap(({ steps }) => steps);

/** A commit, and the version that it is of: Dependabot moves both. */
const PINNED = /^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const usesIn = (text: string) => [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, uses = ""]) => uses);

/** What is wrong with a workflow, in words. */
function faultsOf(text: string): string[] {
  const workflow: Workflow = parse(text);
  const steps = stepsOf(workflow);
  return [
    ...(JSON.stringify(workflow.permissions) === "{}" ? [] : ["not `permissions: {}` at the top"]),
    ...Object.entries(workflow.jobs)
      .filter(([, { permissions }]) => permissions === undefined)
      .map(([name]) => `the job ${name} does not say its permissions`),
    ...usesIn(text).flatMap((uses) => (PINNED.test(uses) ? [] : [`${uses} is no commit with its version`])),
    ...steps
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
      .flatMap((step) =>
        step.with?.["persist-credentials"] === false ? [] : ["a checkout keeps the token"],
      ),
    ...steps.flatMap(({ run = "" }) =>
      run.includes(EXPRESSION) ? [`an expression in a script: ${run}`] : [],
    ),
  ];
}

test.each(texts)(
  "%s is pinned, has no permission that a job does not name, and puts no expression in a script",
  (_, text) => {
    expect(usesIn(text)).toHaveLength(stepsOf(parse(text)).filter(({ uses }) => uses !== undefined).length);
    expect(faultsOf(text)).toEqual([]);
  },
);

test("every fault is seen", () => {
  const faulty = [
    "permissions: {contents: read}",
    "jobs:",
    "  build:",
    "    steps:",
    "      - uses: actions/checkout@v6",
    `      - run: echo ${EXPRESSION} github.head_ref }}`,
  ].join("\n");
  expect(faultsOf(faulty)).toEqual([
    "not `permissions: {}` at the top",
    "the job build does not say its permissions",
    "actions/checkout@v6 is no commit with its version",
    "a checkout keeps the token",
    `an expression in a script: echo ${EXPRESSION} github.head_ref }}`,
  ]);
});

test("an action is the same commit in every workflow", () => {
  const pins = new Set(texts.flatMap(([, text]) => usesIn(text)));
  const actions = [...pins].map((uses) => uses.split("@")[0]);
  expect(actions).toEqual([...new Set(actions)]);
});

describe("the release", () => {
  const { jobs } = parse(readFileSync(join(FOLDER, "release.yml"), "utf8")) as Workflow;
  const scriptsOf = (job: Job | undefined) => (job?.steps ?? []).map(({ run = "" }) => run).join("\n");
  const BUILD = readFileSync(".ci/build-release", "utf8");

  test("is built before any test and any script of a dependency runs", () => {
    for (const name of ["build", "rebuild"]) {
      expect(scriptsOf(jobs[name])).toContain("./.ci/build-release");
      expect(scriptsOf(jobs[name])).not.toMatch(/npm (ci|test|install)|\.ci\/run/);
    }
    expect(jobs["build"]?.needs).toBeUndefined();
    expect(BUILD.match(/npm ci.*/g)).toEqual(["npm ci --ignore-scripts --no-audit --no-fund"]);
    expect(BUILD).not.toMatch(/npm test|vitest/);
  });

  test("is published once two builds have the same bytes and the tests have passed on them", () => {
    expect(jobs["publish"]?.needs).toEqual(["build", "rebuild", "test"]);
    const scripts = jobs["publish"]?.steps ?? [];
    const compared = scripts.findIndex(({ run = "" }) => run.includes("diff --recursive release rebuilt"));
    const signed = scripts.findIndex(({ uses = "" }) => uses.startsWith("actions/attest-build-provenance@"));
    expect(compared).toBeGreaterThan(0);
    expect(signed).toBeGreaterThan(compared);
    expect(scriptsOf(jobs["test"])).toMatch(/cmp release\/svid-exchange\.mjs [\s\S]*npm test/);
  });

  test("has its contents attested beside its origin", () => {
    const sbom = jobs["publish"]?.steps.find(({ uses = "" }) => uses.startsWith("actions/attest-sbom@"));
    expect(sbom?.with).toEqual({ "subject-path": "release/*", "sbom-path": "sbom/svid-exchange.cdx.json" });
    expect(scriptsOf(jobs["build"])).toContain("npm sbom --sbom-format cyclonedx");
  });

  test("a job that may write or sign waits for approval, and runs no code of the repository or its dependencies", () => {
    const mayWrite = Object.values(jobs).filter(({ permissions = {} }) =>
      Object.values(permissions).includes("write"),
    );
    expect(mayWrite).toHaveLength(2);
    for (const job of mayWrite) {
      expect(job.environment).toBe("release");
      expect(job.steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout@"))).toEqual([]);
      expect(scriptsOf(job)).not.toMatch(/npm (ci|install|run|test)|node |\.ci\//);
    }
  });
});

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ACTION } from "../stage/action-manifest.ts";

/** The rows of the first table below a heading, cell by cell. */
function table(page: string, heading: string): string[][] {
  const lines = readFileSync(page, "utf8").split("\n");
  const start = lines.indexOf(heading);
  const rows = lines.slice(start).slice(lines.slice(start).findIndex((line) => line.startsWith("|")));
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("docs/reference/action.md says what action.yml says", () => {
  test("of inputs", () => {
    const promised = Object.entries(ACTION.inputs).map(
      ([name, { required, default: value, description }]) => [
        `\`${name}\``,
        required ? "needed" : value === undefined ? "" : `\`${value}\``,
        description,
      ],
    );
    expect(table("docs/reference/action.md", "## Inputs")).toEqual(promised);
  });

  test("of outputs", () => {
    const promised = Object.entries(ACTION.outputs).map(([name, { description }]) => [
      `\`${name}\``,
      description,
    ]);
    expect(table("docs/reference/action.md", "## Outputs")).toEqual(promised);
  });
});

/** Forgejo names actions by their URL. */
const OURS = /^(https:\/\/github\.com\/)?svid-exchange\/svid-exchange@/;

describe("every workflow that we show", () => {
  interface Shown {
    readonly file: string;
    readonly text: string;
  }

  const fenced = (file: string): Shown[] =>
    [...readFileSync(file, "utf8").matchAll(/^```ya?ml\n(.*?)^```/gms)].map(([, text = ""]) => ({
      file,
      text,
    }));
  const pages = [
    "README.md",
    ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => join("docs", name)),
  ];
  const examples = readdirSync("examples/workflows").map((name): Shown => {
    const file = join("examples/workflows", name);
    const text = readFileSync(file, "utf8");
    return { file, text };
  });
  const shown = [...pages.filter((page) => page.endsWith(".md")).flatMap(fenced), ...examples].filter(
    ({ text }) => text.includes("svid-exchange/svid-exchange@"),
  );

  interface OurStep {
    readonly uses: string;
    readonly id?: string;
    readonly with?: Record<string, unknown>;
  }

  /** Every step of ours, wherever it stands. */
  function steps(value: unknown): OurStep[] {
    if (typeof value !== "object" || value === null) return [];
    const ours = "uses" in value && OURS.test(String(value.uses));
    return [...(ours ? [value as OurStep] : []), ...Object.values(value).flatMap(steps)];
  }

  const stepsIn = (text: string): OurStep[] => steps(parse(text, { logLevel: "error" }));
  const inputsIn = (text: string): string[] => stepsIn(text).flatMap((step) => Object.keys(step.with ?? {}));

  function outputsIn(text: string): string[] {
    const ids = stepsIn(text).map(({ id }) => id);
    const used = text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g);
    return [...used].filter(([, id]) => ids.includes(id)).map(([, , output = ""]) => output);
  }

  test("is found", () => {
    expect(shown.map(({ file }) => file)).toEqual(
      expect.arrayContaining(["README.md", "docs/reference/action.md"]),
    );
    expect(examples.length).toBeGreaterThan(5);
    const texts = shown.map(({ text }) => text);
    expect(texts.flatMap((text) => inputsIn(text)).length).toBeGreaterThan(10);
    expect(texts.flatMap((text) => outputsIn(text)).length).toBeGreaterThan(0);
  });

  test.each(shown)("uses inputs that exist: $file", ({ text }) => {
    expect(Object.keys(ACTION.inputs)).toEqual(expect.arrayContaining(inputsIn(text)));
    for (const step of stepsIn(text)) expect(step.with).toHaveProperty("exchange-url");
  });

  test.each(shown)("uses outputs that exist: $file", ({ text }) => {
    expect(Object.keys(ACTION.outputs)).toEqual(expect.arrayContaining(outputsIn(text)));
  });

  test.each(shown)("gives the job its permission: $file", ({ text }) => {
    if (/^(jobs|steps):/m.test(text)) expect(text).toMatch(/id-token: write|enable-openid-connect: true/);
  });
});

describe("every workflow of the examples", () => {
  const files = readdirSync("examples/workflows").map((name) => join("examples/workflows", name));

  const othersIn = (file: string): string[] =>
    [...readFileSync(file, "utf8").matchAll(/^\s+(?:- )?uses: (.+)$/gm)]
      .map(([, text = ""]) => text)
      .filter((text) => !OURS.test(text));

  test("is found, with actions of other people", () => {
    expect(files.flatMap(othersIn).length).toBeGreaterThan(5);
  });

  test.each(files)("names other people's actions by their commit: %s", (file) => {
    for (const text of othersIn(file)) {
      expect(text).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d/);
    }
  });

  test.each(files)("says what its jobs may do, and no more than is needed by default: %s", (file) => {
    const { permissions, jobs } = parse(readFileSync(file, "utf8"));
    const forgejo = Object.values<Record<string, unknown>>(jobs).some(
      (job) => job["enable-openid-connect"] === true,
    );
    if (forgejo) return;
    const writes = Object.entries(permissions).filter(([, level]) => level === "write");
    expect(writes.every(([name]) => name === "id-token")).toBe(true);
  });

  test.each(files)("puts no expression into a script: %s", (file) => {
    const jobs: Record<string, { steps?: { run?: string }[] }> = parse(readFileSync(file, "utf8")).jobs;
    const scripts = Object.values(jobs).flatMap(({ steps = [] }) => steps.map(({ run = "" }) => run));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  test.each(files)("keeps no checkout credentials: %s", (file) => {
    const text = readFileSync(file, "utf8");
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
    expect(count(/persist-credentials: false/g)).toBe(count(/uses: actions\/checkout@/g));
  });
});

describe("what ships", () => {
  const read = (name: string): string => readFileSync(join("action/dist", name), "utf8");
  const size = (name: string): number => statSync(join("action/dist", name)).size;
  const programs = ["main.cjs", "post.cjs", "serve.cjs"];

  test("is three programs and their licences, of at most 150 KB each and 300 KB together", () => {
    const files = readdirSync("action/dist").sort();
    expect(files).toEqual(["licenses.txt", ...programs]);
    for (const program of programs) expect(size(program)).toBeLessThanOrEqual(150_000);
    expect(files.reduce((sum, name) => sum + size(name), 0)).toBeLessThanOrEqual(300_000);
  });

  test("is where action.yml says, and runs on Node 24", () => {
    expect(ACTION.runs.using).toBe("node24");
    for (const path of [ACTION.runs.main, ACTION.runs.post]) expect(statSync(path).isFile()).toBe(true);
  });

  test("names the licence of each package that it holds", () => {
    const licenses = read("licenses.txt");
    const code = programs.map(read).join("\n");
    const packages = new Set(
      [...code.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(([, name]) => name),
    );
    expect(packages.size).toBeGreaterThan(0);
    for (const name of packages) expect(licenses).toMatch(new RegExp(`^${name} \\d`, "m"));
  });

  test.each(programs)("brings no HTTP stack but Node's own, and no API client: %s", (program) => {
    expect(read(program)).not.toMatch(/octokit|undici|grpc-js|\beval\(|new Function\(/i);
  });
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { MintedFailure } from "../../shared/client/verify-minted.ts";
import { SVID_REFUSAL_CODES } from "../../shared/verify/refusal.ts";
import { buildCli, type Cli } from "../stage/cli.ts";
import { readSpec } from "../templates/component.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

const page = readFileSync("docs/reference/cli.md", "utf8");
const guides = ["gitlab", "circleci", "buildkite", "curl"].map((name) => `docs/how-to/${name}.md`);
const COMMANDS = ["init", "check", "test", "explain", "apply", "keys", "fetch", "run", "serve", "verify"];

const helps = new Map<string, string>();

async function help(...command: string[]): Promise<string> {
  const known = helps.get(command.join(" "));
  if (known !== undefined) return known;
  const { code, stdout, stderr } = await cli.run([...command, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  helps.set(command.join(" "), stdout.trim());
  return stdout.trim();
}

test("docs/reference/cli.md has the help of the program and of each of its commands, word by word", async () => {
  const whole = await help();
  expect(page).toContain(`\`\`\`text\n${whole}\n\`\`\``);
  const named = [...whole.matchAll(/^ {2}([a-z]+) /gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "help");
  expect(named).toEqual(COMMANDS);
  for (const name of COMMANDS) {
    const section = page.split(`\n### ${name}\n`)[1]?.split(/\n##+ /)[0];
    expect(section, name).toContain(`\`\`\`text\n${await help(name)}\n\`\`\``);
  }
});

test("docs/reference/cli.md lists every code of the CLI's own, and no other", () => {
  const files = readdirSync("cli", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const sources = files.map((file) => readFileSync(join("cli", file), "utf8")).join("\n");
  const written = [...sources.matchAll(/(?:failed\(\s*|code: )"([a-z_]+)"/g)].map(([, code]) => code ?? "");
  const table = page.split("## Failures")[1] ?? "";
  const listed = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(
    ([, cell = ""]) => cell.match(/[a-z_]+/g) ?? [],
  );
  const composed = /^unreachable_/;
  const ofSvids: readonly MintedFailure["code"][] = [...SVID_REFUSAL_CODES, "svid_differs"];
  const own = new Set([...written, ...ofSvids]);
  expect(listed.filter((code) => !composed.test(code)).sort()).toEqual([...own].sort());
});

describe("the guides", () => {
  /** Each command line of a guide that uses the CLI: the command, and its flags. */
  function commandsIn(guide: string): { command: string; flags: readonly string[] }[] {
    const text = readFileSync(guide, "utf8").replace(/\\\n/g, " ");
    const lines = text
      .split("\n")
      .filter((line) => /svid-exchange(@1)? (fetch|run|explain|init|verify)/.test(line));
    return lines.map((line) => {
      const [, command = ""] = /svid-exchange(?:@1)? ([a-z]+)/.exec(line) ?? [];
      const own = line.slice(line.indexOf(command)).split(" -- ")[0]?.split("`")[0] ?? "";
      return { command, flags: own.match(/--[a-z-]+/g) ?? [] };
    });
  }

  /** The values of a guide's YAML blocks; parsing proves that they are YAML. */
  function yamlIn(guide: string): { policies?: unknown }[] {
    const blocks = readFileSync(guide, "utf8").matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm);
    return [...blocks].map(([, indent = "", block = ""]) =>
      parse(block.replaceAll(new RegExp(`^${indent}`, "gm"), ""), { logLevel: "error" }),
    );
  }

  const trustIn = (guide: string) => yamlIn(guide).filter(({ policies }) => policies !== undefined);

  test("show commands with flags, and policies", () => {
    expect(guides.flatMap(commandsIn).flatMap(({ flags }) => flags).length).toBeGreaterThan(5);
    expect(guides.flatMap(trustIn).length).toBeGreaterThan(1);
  });

  test.each(guides)("%s uses flags that there are", async (guide) => {
    for (const { command, flags } of commandsIn(guide)) {
      const known = await help(command);
      for (const flag of flags) expect(known, `${guide}: ${flag}`).toContain(flag);
    }
  });

  test.each(guides)("%s has YAML that parses, and policies that compile", async (guide) => {
    for (const value of trustIn(guide)) {
      const issuers = { allowedIssuers: [{ id: "gitlab", type: "gitlab", issuer: "https://gitlab.com" }] };
      const document = {
        version: 1,
        trustDomain: "ci.example.org",
        issuer: "https://svid.example.org",
        ...issuers,
        ...value,
      };
      const { stdout } = await checkDocument(JSON.stringify(document));
      expect(JSON.parse(stdout), stdout).toMatchObject({ errors: 0, warnings: 0 });
    }
  });

  test("docs/how-to/gitlab.md lists the component's inputs with their defaults", () => {
    const rows = readFileSync("docs/how-to/gitlab.md", "utf8").matchAll(/^\| `([a-z-]+)` +\| (.*?) +\|/gm);
    const listed = Object.fromEntries(
      [...rows].map(([, name, value = ""]) => [name, value.replaceAll("`", "").trim()]),
    );
    const spec = Object.entries(readSpec()).map(([name, input]) => [name, input.default ?? "needed"]);
    expect(listed).toMatchObject(Object.fromEntries(spec));
  });
});

function checkDocument(document: string) {
  writeFileSync(join(cli.folder, "guide.yaml"), document);
  return cli.run(["check", "--json", "guide.yaml"]);
}

test("the bundle is one file of at most 400 KB, licences included, that imports nothing but Node", () => {
  const bundle = readFileSync(cli.bundle);
  const licences = readFileSync(join(cli.folder, "licenses.txt"));
  expect(readdirSync(cli.folder).sort()).toEqual(["guide.yaml", "licenses.txt", "svid-exchange.mjs"]);
  expect(bundle.length + licences.length).toBeLessThanOrEqual(400_000);
  const imports = [...bundle.toString("utf8").matchAll(/(?:^|[;}\n])import[^"'()]*?from"([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect(imports.length).toBeGreaterThan(5);
  expect(imports.filter((name) => !name?.startsWith("node:"))).toEqual([]);
});

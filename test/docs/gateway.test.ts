import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GATEWAY_DENIALS } from "../../shared/gateway-denials.ts";
import { MAX_TOKEN_BYTES } from "../../shared/limits.ts";
import { HOP_BY_HOP } from "../../shared/trust/model/header.ts";
import { takeOff } from "../../worker/gateway/taken-off.ts";
import {
  MAX_PASSES,
  ORIGIN_LONGEST_UPLOAD_SECONDS,
  ORIGIN_TIMEOUT_SECONDS,
  ORIGIN_UPLOAD_BYTES_PER_SECOND,
} from "../../worker/limits.ts";

const page = readFileSync("docs/reference/gateway.md", "utf8");
const section = (heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";

describe("docs/reference/gateway.md", () => {
  test("names every refusal of the gateway", () => {
    const named = [...page.matchAll(/errors\.md#(\w+)/g)].map(([, code]) => code);
    for (const code of Object.keys(GATEWAY_DENIALS)) expect(named).toContain(code);
  });

  const names = section("What is taken off")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...(line.split(" | ")[0] ?? "").matchAll(/`([a-z0-9-]+\*?)`/g)])
    .map(([, name = ""]) => name);

  test("lists headers that are taken off", () => {
    expect(names.length).toBeGreaterThan(30);
  });

  test.each(names)("%s is taken off, as the page says", (name) => {
    const headers = new Headers({ [name.replace("*", "x")]: "1", "x-other": "1" });
    takeOff(headers, new Set());
    expect([...headers.keys()]).toEqual(["x-other"]);
  });

  test("is complete: what the source takes off is on the page", () => {
    const source = readFileSync("worker/gateway/taken-off.ts", "utf8");
    const listed = [
      ...HOP_BY_HOP,
      ...Array.from(source.matchAll(/"([a-z][a-z0-9-]+)"/g), ([, name = ""]) => name),
    ];
    expect(listed.length).toBeGreaterThan(30);
    for (const name of listed) expect(names.map((one) => one.replace("*", ""))).toContain(name);
  });

  test("tells the limits that are in force", () => {
    const limits = section("Limits");
    for (const said of [
      `${ORIGIN_TIMEOUT_SECONDS} s, and 1 s more for each ${ORIGIN_UPLOAD_BYTES_PER_SECOND / 1024} KiB`,
      `| ${ORIGIN_LONGEST_UPLOAD_SECONDS} s |`,
      `| ${MAX_TOKEN_BYTES / 1024} KiB |`,
      `| ${MAX_PASSES} |`,
    ]) {
      expect(limits).toContain(said);
    }
  });
});

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import type { Application } from "../../../../shared/trust/model/application.ts";
import { APPLICATION } from "../application-document.ts";
import { BASE, edit } from "../base-document.ts";

/** The application that the document compiles to. */
function compiled(application: string, document = BASE): Application {
  const config = compileTrust(parse(edit("tests:", `${application}tests:`, document)));
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const [only, ...others] = config.value.applications.values();
  if (only === undefined || others.length > 0) throw new Error("not one application");
  return only;
}

const MINIMAL = `applications:
  - name: grafana
    host: grafana.apps.example.org
    origin: https://grafana.corp.example
    rules: [{match: {svid.claim.team: platform}}]
`;

const SVID_ID = { kind: "svid-id", name: "svid.id" };
const placeholder = (attribute: object, ...filters: string[]) => ({
  kind: "placeholder",
  attribute,
  filters,
});
const text = (value: string) => ({ kind: "text", text: value });
const JWT = placeholder({ kind: "assertion", name: "internal.jwt" });

test("an application has what its document says", () => {
  const application = compiled(APPLICATION);
  expect(application).toMatchObject({
    name: "grafana",
    position: 0,
    host: "grafana.apps.example.org",
    origin: { url: "https://grafana.corp.example", binding: { kind: "certificate", name: "GRAFANA" } },
    audience: "https://vault.example.org",
    accept: new Set(["svid", "id-token"]),
    rules: [
      {
        match: [{ key: "svid.id", attribute: SVID_ID, matcher: { kind: "any-of" } }],
        roles: [[text("Editor")]],
        traits: [{ name: "team", values: [[text("platform")]] }],
        username: [placeholder(SVID_ID, "lower")],
      },
    ],
    assertion: {
      audience: "https://grafana.corp.example",
      algorithm: "RS256",
      ttlSeconds: 120,
      claims: "roles",
    },
    headers: [
      { name: "X-Caller", parts: [JWT] },
      { name: "X-Job", position: 0, parts: [placeholder(SVID_ID)] },
      {
        name: "X-Team",
        position: 1,
        parts: [placeholder({ kind: "trait", name: "external.team", trait: "team" })],
      },
    ],
    ownHeaders: new Set(["svid-jwt-assertion", "x-caller", "x-job", "x-team"]),
    websocketLimit: "assertion",
  });
});

test("an application that says little has these defaults", () => {
  const application = compiled(MINIMAL);
  expect(application).toMatchObject({
    origin: { url: "https://grafana.corp.example" },
    audience: "https://grafana.apps.example.org",
    accept: new Set(["svid"]),
    rules: [{ roles: [], traits: [], username: [placeholder(SVID_ID)] }],
    assertion: {
      audience: "https://grafana.corp.example",
      algorithm: "ES256",
      ttlSeconds: 60,
      claims: "roles-and-traits",
    },
    headers: [{ name: "Svid-Jwt-Assertion", parts: [JWT] }],
    ownHeaders: new Set(["svid-jwt-assertion"]),
    websocketLimit: "none",
  });
  expect(application.origin).not.toHaveProperty("binding");
});

describe("the requests for an application go to its origin", () => {
  const origin = (written: string) =>
    compiled(
      edit(
        "origin: https://grafana.corp.example",
        `origin: ${written}\n    assertion: {audience: grafana}`,
        MINIMAL,
      ),
    ).origin;
  test.each([
    ["https://grafana.corp.example:8443", { url: "https://grafana.corp.example:8443" }],
    ["http://127.0.0.1:3000", { url: "http://127.0.0.1:3000" }],
    [
      "{service: APP}",
      { url: "https://grafana.apps.example.org", binding: { kind: "service", name: "APP" } },
    ],
    ["{vpc: NET}", { url: "http://grafana.apps.example.org", binding: { kind: "vpc", name: "NET" } }],
    [
      "{vpc: NET, url: http://grafana.internal:3000}",
      { url: "http://grafana.internal:3000", binding: { kind: "vpc", name: "NET" } },
    ],
  ])("%s", (written, expected) => {
    expect(origin(written)).toEqual(expected);
  });
});

test("the header of the assertion can be left to rewrite, and a caller still can't send one", () => {
  const application = compiled(
    `${MINIMAL}    assertion: {header: none}\n    rewrite: {headers: ["Authorization: Bearer {{ internal.jwt }}"]}\n`,
  );
  expect(application.headers.map(({ name }) => name)).toEqual(["Authorization"]);
  expect(application.ownHeaders).toEqual(new Set(["svid-jwt-assertion", "authorization"]));
});

test("an assertion is signed only with an algorithm that there are keys for", () => {
  const document = edit("algorithms: [ES256, RS256]", "algorithms: [ES256]");
  expect(() => compiled(APPLICATION, document)).toThrow(/keys.algorithms does not have RS256/);
});

test("a document without applications has none", () => {
  const config = compileTrust(parse(BASE));
  expect(config.ok && config.value.applications.size).toBe(0);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../shared/json.ts";
import { parseSpiffeId, parseTrustDomain, type TrustDomain } from "../../../../shared/spiffe-id.ts";
import { compileSpiffeIdTemplate } from "../../../../shared/trust/compile/spiffe-id-template.ts";
import { renderSpiffeId } from "../../../../shared/trust/decide/render-spiffe-id.ts";
import { supposedAttributesOf } from "../../../../shared/trust/model/attributes.ts";
import { FILTERS } from "../../../../shared/trust/model/filter.ts";
import type { AllowedIssuer } from "../../../../shared/trust/model/issuer.ts";

const ISSUER: AllowedIssuer = {
  id: "ci",
  type: "jwt",
  issuer: "https://ci.example.net",
  audience: "https://svid.example.org",
  keys: { from: "discovery", uri: "https://ci.example.net/.well-known/openid-configuration" },
  algorithms: ["RS256"],
  maxTokenAgeSeconds: 300,
  clockSkewSeconds: 60,
  replay: "off",
  requiredClaims: [],
};

const parsedDomain = parseTrustDomain("ci.example.org");
const DOMAIN = (parsedDomain.ok ? parsedDomain.value : "") as TrustDomain;

/** Any text, and often one that is nearly a good segment. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom("a", "B", ".", "-", "_", "2", "F", "/", ":"), maxLength: 6 }),
);
const filter = fc.constantFrom(
  "",
  " | path",
  " | enc",
  " | hash",
  " | lower",
  " | lower | enc",
  " | lower | path",
);
const part = fc.oneof(
  fc.constantFrom("a", "-", "_", "v1", "/", "/x/"),
  fc
    .tuple(fc.constantFrom("p", "q", "r"), filter)
    .map(([name, filters]) => `{{ jwt.claim.${name}${filters} }}`),
);
const anyTemplate = fc
  .array(part, { minLength: 1, maxLength: 6 })
  .map((pieces) => `spiffe://{{ trustDomain }}/${pieces.join("")}`);
const anyClaims = fc.record({ p: anyText, q: anyText, r: anyText });

function render(template: string, claims: JsonObject): string | undefined {
  const compiled = compileSpiffeIdTemplate(template, DOMAIN);
  if (!compiled.ok) return undefined;
  const rendered = renderSpiffeId(compiled.value, supposedAttributesOf(ISSUER, claims));
  return rendered.ok ? rendered.value : undefined;
}

/** What a template keeps of the claims: those that it names, lower-cased where it says so. */
function kept(template: string, claims: Readonly<Record<string, string>>): string {
  const places = [...template.matchAll(/jwt\.claim\.(\w)((?: \| \w+)*)/g)];
  const values = places.map(([, name = "", filters = ""]) => {
    const value = claims[name] ?? "";
    return [name, filters.includes("lower") ? FILTERS.lower.apply(value) : value];
  });
  return JSON.stringify(values);
}

describe("laws of templates", () => {
  test("a rendered ID is always one that the parser takes", () => {
    fc.assert(
      fc.property(anyTemplate, anyClaims, (template, claims) => {
        const id = render(template, claims);
        fc.pre(id !== undefined);
        expect(parseSpiffeId(id ?? "")).toEqual({ ok: true, value: id });
      }),
      { numRuns: 1_000 },
    );
  });

  test("different inputs give different IDs, unless the template drops or lowers what differs", () => {
    fc.assert(
      fc.property(anyTemplate, anyClaims, anyClaims, (template, one, other) => {
        const id = render(template, one);
        fc.pre(id !== undefined && kept(template, one) !== kept(template, other));
        expect(render(template, other)).not.toBe(id);
      }),
      { numRuns: 1_500 },
    );
  });

  test("neighbours of an input, one character moved across a border, give different IDs", () => {
    const tight = fc.string({ unit: fc.constantFrom("a", "-", "_", "2", "F"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(anyTemplate, tight, tight, fc.nat(5), (template, p, q, cut) => {
        const joined = p + q;
        const at = Math.min(cut + 1, joined.length - 1);
        const one = { p, q, r: "r" };
        const other = { p: joined.slice(0, at), q: joined.slice(at), r: "r" };
        const id = render(template, one);
        fc.pre(id !== undefined && kept(template, one) !== kept(template, other));
        expect(render(template, other)).not.toBe(id);
      }),
      { numRuns: 1_500 },
    );
  });

  test("enc is injective and fits one segment", () => {
    const wellFormed = fc.string({ unit: "binary", maxLength: 20 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(wellFormed, wellFormed, (one, other) => {
        fc.pre(one !== other);
        expect(FILTERS.enc.apply(one)).not.toBe(FILTERS.enc.apply(other));
        expect(FILTERS.enc.apply(one)).toMatch(/^[A-Za-z0-9._-]*$/);
      }),
      { numRuns: 1_500 },
    );
  });

  test("enc can be read back", () => {
    const wellFormed = fc.string({ unit: "binary", maxLength: 40 }).filter((text) => text.isWellFormed());
    const decode = (text: string) => decodeURIComponent(text.replaceAll("_", "%"));
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(decode(FILTERS.enc.apply(text))).toBe(text);
      }),
    );
  });
});

describe("templates that could give one ID to two inputs do not compile", () => {
  test.each([
    ["two values side by side", "{{ jwt.claim.p }}{{ jwt.claim.q }}"],
    ["two values with a dash", "{{ jwt.claim.p }}-{{ jwt.claim.q }}"],
    ["two encoded values with an underscore", "{{ jwt.claim.p | enc }}_{{ jwt.claim.q | enc }}"],
    ["two paths", "{{ jwt.claim.p | path }}/x/{{ jwt.claim.q | path }}"],
    ["a path that shares its segment", "v{{ jwt.claim.p | path }}"],
  ])("%s", (_, path) => {
    const compiled = compileSpiffeIdTemplate(`spiffe://{{ trustDomain }}/${path}`, DOMAIN);
    expect(compiled).toMatchObject({ ok: false, error: { rule: "template-ambiguous" } });
  });

  test.each([
    ["one value and a hash", "{{ jwt.claim.p }}-{{ jwt.claim.q | hash }}"],
    ["two hashes side by side", "{{ jwt.claim.p | hash }}{{ jwt.claim.q | hash }}"],
    ["a path and a value", "{{ jwt.claim.p | path }}/{{ jwt.claim.q }}"],
  ])("%s does", (_, path) => {
    expect(compileSpiffeIdTemplate(`spiffe://{{ trustDomain }}/${path}`, DOMAIN).ok).toBe(true);
  });
});

test("the trust domain may be written out", () => {
  expect(render("spiffe://ci.example.org/{{ jwt.claim.p }}", { p: "x" })).toBe("spiffe://ci.example.org/x");
});

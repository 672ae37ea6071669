import { publicJwk, rsaKey } from "../shared/subject-token/craft.ts";
import { discoveryAt, GOOD_SET, keysAt, type Pages, pagesOf, type Row, withHeader } from "./row.ts";

type PageOf = (issuer: string) => Response;

const unavailable = (
  it: string,
  pages: (issuer: string) => Pages,
  verdict: Row["verdict"] = "issuer_keys_unavailable",
): Row => ({
  it,
  verdict,
  token: withHeader({}),
  pages: (issuer) => ({ ...pagesOf(issuer, GOOD_SET), ...pages(issuer) }),
});

/** A good discovery document, and this in the place of the key set. */
const set = (it: string, page: PageOf, verdict?: Row["verdict"]): Row =>
  unavailable(it, (issuer) => ({ [keysAt(issuer)]: () => page(issuer) }), verdict);

/** This in the place of the discovery document, and a good key set. */
const discovery = (it: string, page: PageOf, verdict?: Row["verdict"]): Row =>
  unavailable(it, (issuer) => ({ [discoveryAt(issuer)]: () => page(issuer) }), verdict);

const json =
  (value: unknown): PageOf =>
  () =>
    Response.json(value);
const text =
  (body: string, init?: ResponseInit): PageOf =>
  () =>
    new Response(body, init);
const key = (kid: string) => publicJwk(rsaKey, { kid });
const many = (count: number) => ({
  keys: [...GOOD_SET, ...Array.from({ length: count - 1 }, (_, i) => key(`n${i}`))],
});
const jwksAt =
  (address: (issuer: string) => unknown): PageOf =>
  (issuer) =>
    Response.json({ issuer, jwks_uri: address(issuer) });

const SETS: readonly Row[] = [
  set("a set of 100 keys", json(many(100)), "good"),
  set("a set of 101 keys", json(many(101))),
  set("a set without keys", json({ keys: [] })),
  set("a set of keys that are of no use", json({ keys: [publicJwk(rsaKey, { kid: "k1", use: "enc" })] })),
  set("a set whose keys are an object", json({ keys: { k1: GOOD_SET[0] } })),
  set("a set that is a list", json(GOOD_SET)),
  set("a set with keys twice", text(`{"keys":[],"keys":${JSON.stringify(GOOD_SET)}}`)),
  set("a set with a byte order mark", text(`\ufeff${JSON.stringify({ keys: GOOD_SET })}`)),
  set("a set among over 100 KiB", text(JSON.stringify({ keys: GOOD_SET }) + " ".repeat(100 * 1024))),
  set("a set as HTML", text("<!doctype html>")),
  set(
    "a redirect to a set",
    () => new Response(null, { status: 302, headers: { location: "https://evil.example/keys" } }),
  ),
  set("a set with status 404", text(JSON.stringify({ keys: GOOD_SET }), { status: 404 })),
  set("a set with status 203", text(JSON.stringify({ keys: GOOD_SET }), { status: 203 })),
  set("nonsense beside a good key", json({ keys: [null, "key", ...GOOD_SET, { kty: "AKP" }] }), "good"),
];

const DISCOVERY: readonly Row[] = [
  discovery("another issuer's document", (issuer) =>
    Response.json({ issuer: `${issuer}/`, jwks_uri: keysAt(issuer) }),
  ),
  discovery("a document without issuer", (issuer) => Response.json({ jwks_uri: keysAt(issuer) })),
  discovery(
    "a document without jwks_uri",
    jwksAt(() => undefined),
  ),
  discovery(
    "keys at another host",
    jwksAt(() => "https://evil.example/keys"),
  ),
  discovery(
    "keys at a host that starts alike",
    jwksAt((issuer) => `${issuer}.evil.example/keys`),
  ),
  discovery(
    "keys at another port",
    jwksAt((issuer) => `${issuer}:8443/keys`),
  ),
  discovery(
    "keys without TLS",
    jwksAt((issuer) => keysAt(issuer).replace("https:", "http:")),
  ),
  discovery(
    "keys behind credentials",
    jwksAt((issuer) => keysAt(issuer).replace("https://", "https://me@")),
  ),
  discovery(
    "keys at a relative address",
    jwksAt(() => "/keys"),
  ),
  discovery(
    "a document with issuer twice",
    (issuer) => new Response(`{"issuer":"x","issuer":"${issuer}","jwks_uri":"${keysAt(issuer)}"}`),
  ),
  discovery("a document with status 500", jwksOf500),
];

function jwksOf500(issuer: string): Response {
  return Response.json({ issuer, jwks_uri: keysAt(issuer) }, { status: 500 });
}

const ELSEWHERE = "https://keys.example.net/pinned.json";
const PINNED: Row = {
  it: "keys pinned at another origin",
  verdict: "good",
  token: withHeader({}),
  entry: { jwksURI: ELSEWHERE },
  pages: () => ({ [ELSEWHERE]: () => Response.json({ keys: GOOD_SET }) }),
};

/** Key sets and discovery documents as a whole, each of an issuer of its own. */
export const DOCUMENT_ROWS: readonly Row[] = [...SETS, ...DISCOVERY, PINNED];

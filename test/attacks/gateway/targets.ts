import { valuesOf } from "../../stage/origin.ts";
import { bearer, type GatewayAttack, HOST, HOST_LINE, OTHER_HOST, sendLines } from "./siege.ts";

export const TARGETS: readonly GatewayAttack[] = [
  {
    name: "OPTIONS *",
    ends: "request_target_refused",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege)], "OPTIONS * HTTP/1.1"),
  },
  ...["@evil.example/", ".evil.example/", ":81/", "?x", "evil.example/"].map(
    (target): GatewayAttack => ({
      name: `the request-target ${target}`,
      ends: "refused by the runtime",
      send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege)], `GET ${target} HTTP/1.1`),
    }),
  ),
  ...[
    "//evil.example/",
    "/\\evil.example/",
    "/%2F..%2Fevil",
    "/..;/admin",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/a/../../b",
    "/.%00/x",
    "/x%0d%0aX-Evil:1",
  ].map(
    (path): GatewayAttack => ({
      name: `the path ${path}`,
      ends: "passes",
      send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege)], `GET ${path} HTTP/1.1`),
      check: (seen) => seen.url.startsWith("/") && valuesOf(seen, "x-evil").length === 0,
    }),
  ),
  {
    name: "an absolute URL of another host",
    ends: "passes",
    send: (siege) =>
      sendLines(siege, [HOST_LINE, bearer(siege)], "GET http://evil.example/attacked HTTP/1.1"),
    check: (seen) => seen.url === "/attacked",
  },
  {
    name: "an absolute URL of another application, with that one's Host",
    ends: "caller_token_refused",
    send: (siege) => sendLines(siege, [`Host: ${OTHER_HOST}`, bearer(siege)], `GET http://${HOST}/ HTTP/1.1`),
  },
  {
    name: "two Hosts",
    ends: "request_target_refused",
    send: (siege) => sendLines(siege, [HOST_LINE, "Host: evil.example", bearer(siege)]),
  },
  {
    name: "a Host with a path",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: ${HOST}/x`, bearer(siege)]),
  },
  {
    name: "a Host with a name before it",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: x@${HOST}`, bearer(siege)]),
  },
  {
    name: "a Host with a dot at its end",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: ${HOST}.`, bearer(siege)]),
  },
  {
    name: "a Host with another port",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: ${HOST}:8443`, bearer(siege)]),
  },
  {
    name: "a Host that ends like the application's",
    ends: "not_found",
    send: (siege) => sendLines(siege, [`Host: evil-${HOST}`, bearer(siege)]),
  },
  {
    name: "X-Forwarded-Host and X-Original-Host of the other application",
    ends: "caller_token_refused",
    send: (siege) =>
      sendLines(siege, [
        `Host: ${OTHER_HOST}`,
        `X-Forwarded-Host: ${HOST}`,
        `X-Original-Host: ${HOST}`,
        `X-Host: ${HOST}`,
        bearer(siege),
      ]),
  },
];

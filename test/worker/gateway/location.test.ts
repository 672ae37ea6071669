import { expect, test } from "vitest";
import { locationFor } from "../../../worker/gateway/location.ts";

const target = { url: "https://grafana.corp.example/path?query", base: "https://grafana.apps.example.org" };

test.each([
  ["https://grafana.corp.example/login", "https://grafana.apps.example.org/login"],
  ["https://grafana.corp.example", "https://grafana.apps.example.org/"],
  ["https://grafana.corp.example:443/a?b#c", "https://grafana.apps.example.org/a?b#c"],
  ["HTTPS://GRAFANA.corp.example/A", "https://grafana.apps.example.org/A"],
  ["http://grafana.corp.example/plain", "https://grafana.apps.example.org/plain"],
  ["//grafana.corp.example/x", "https://grafana.apps.example.org/x"],
  ["\\\\grafana.corp.example/x", "https://grafana.apps.example.org/x"],
  [
    "https://grafana.corp.example/?next=https://grafana.corp.example/",
    "https://grafana.apps.example.org/?next=https://grafana.corp.example/",
  ],
])("%s names the origin, and becomes %s", (location, rewritten) => {
  expect(locationFor(location, target)).toBe(rewritten);
});

test.each([
  "/login",
  "login?next=/",
  "?page=2",
  "",
  "https://login.example.com/authorize?redirect_uri=https://grafana.corp.example/",
  "https://grafana.corp.example.evil.example/",
  "https://grafana.corp.example:8443/",
  "https://evil.example/grafana.corp.example",
  "//evil.example/x",
  "ftp://grafana.corp.example/x",
  "javascript:alert(1)",
  "https://[broken",
  "/a:b//grafana.corp.example",
])("%j stays as it is", (location) => {
  expect(locationFor(location, target)).toBe(location);
});

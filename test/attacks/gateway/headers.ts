import { ASSERTION_HEADER, REWRITTEN_HEADER, SPOOF, spoofed } from "./siege.ts";

const spellings = (name: string): ReadonlySet<string> =>
  new Set([
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    name.replaceAll("-", "_"),
    name.toUpperCase().replaceAll("-", "_"),
    name.replace("-", "_"),
    name.replaceAll("-", "."),
  ]);

/** Every header that an application believes of its gateway, in every spelling that some server folds into it. */
export const RESERVED_HEADERS = [
  ASSERTION_HEADER,
  REWRITTEN_HEADER,
  "X-Spiffe-Id",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-For",
  "Cf-Access-Jwt-Assertion",
  "Teleport-Jwt-Assertion",
].flatMap((name) => [...spellings(name)].map((spelling) => spoofed(`${spelling}: ${SPOOF}`)));

/** What other gateways assert, what steers a Worker, and what is for one connection. */
export const ASSERTED_HEADERS = [
  "X-Forwarded-Host: evil.example",
  "X-Forwarded-Proto: gopher",
  "X-Forwarded-Groups: admins",
  "X-Forwarded-Preferred-Username: root",
  "X-Forwarded-Access-Token: x",
  "X-Forwarded-Client-Cert: Subject=root",
  "X-Forwarded-Uri: /public",
  "X-Forwarded-Prefix: /evil",
  "Forwarded: for=127.0.0.1;host=evil.example;proto=https",
  "X-Request-Id: spoofed",
  "X-Real-IP: 127.0.0.1",
  "True-Client-IP: 127.0.0.1",
  "X-Remote-User: root",
  "X-Remote-Group: system:masters",
  "Remote-User: root",
  "X-WEBAUTH-USER: admin",
  "X-Auth-Request-User: admin",
  "X-Pomerium-Jwt-Assertion: x.y.z",
  "X-Goog-IAP-JWT-Assertion: x.y.z",
  "X-Goog-Authenticated-User-Email: root@example.org",
  "X-Amzn-Oidc-Data: x.y.z",
  "X-MS-CLIENT-PRINCIPAL: e30=",
  "Tailscale-User-Login: root@example.org",
  "SSL-Client-Verify: SUCCESS",
  "Cf-Access-Authenticated-User-Email: root@example.org",
  "CF_Access_Token: x",
  'Cloudflare-Workers-Version-Overrides: svid-exchange="8f1c9e2a"',
  "Cloudflare_Workers_Version_Overrides: x",
  "Proxy-Authorization: Basic cm9vdDo=",
  "Proxy-Connection: keep-alive",
  "Keep-Alive: timeout=5",
  "TE: trailers",
  "Upgrade: h2c",
  "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
  "Svid~Jwt!Assertion: spoofed",
].map((line) => spoofed(line));

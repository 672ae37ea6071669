// Reads the file that SVID_FILE names, over and over, as a job does that takes its SVID anew for each call: each time it
// must be a whole JWT with a good signature that has not expired. Prints what it saw.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

const keys = new Map(JSON.parse(process.env.JWKS).keys.map((key) => [key.kid, key]));
const epoch = Number(process.env.CLOCK_EPOCH_MS ?? 0);
const speed = Number(process.env.CLOCK_SPEED ?? 1);
const nowMs = () => epoch + (Date.now() - epoch) * speed;
const part = (text) => JSON.parse(Buffer.from(text, "base64url").toString("utf8"));

const seen = { reads: 0, svids: 0, problems: [], absent: 0, shortestLeftSeconds: Number.POSITIVE_INFINITY };
const ids = new Set();

function look() {
  seen.reads += 1;
  let token;
  try {
    token = readFileSync(process.env.SVID_FILE, "utf8");
    if ((statSync(process.env.SVID_FILE).mode & 0o777) !== 0o600) seen.problems.push("mode");
  } catch {
    seen.absent += 1;
    return;
  }
  const [header, claims, signature, ...rest] = token.split(".");
  if (rest.length > 0 || !signature) return seen.problems.push(`broken: ${token.length} characters`);
  const key = createPublicKey({ key: keys.get(part(header).kid), format: "jwk" });
  const signed = Buffer.from(`${header}.${claims}`);
  if (!verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"))) {
    return seen.problems.push("signature");
  }
  const { exp, jti } = part(claims);
  const left = exp - nowMs() / 1000;
  seen.shortestLeftSeconds = Math.min(seen.shortestLeftSeconds, left);
  if (left <= 0) seen.problems.push(`expired ${-left} s ago`);
  ids.add(jti);
}

const end = Date.now() + Number(process.argv[2]);
const timer = setInterval(() => {
  look();
  if (Date.now() < end) return;
  clearInterval(timer);
  seen.svids = ids.size;
  process.stdout.write(JSON.stringify(seen));
}, 5);

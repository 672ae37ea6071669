// Reads the file that SVID_FILE names, over and over, as a job does that takes its SVID anew for each call: each time it
// must be a whole JWT with a good signature. Ends once it has seen what its argument names, and prints what it saw.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

const keys = new Map(JSON.parse(process.env.JWKS).keys.map((key) => [key.kid, key]));
const part = (text) => JSON.parse(Buffer.from(text, "base64url").toString("utf8"));

const seen = { reads: 0, problems: [], absent: 0 };
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
  ids.add(part(claims).jti);
}

const ENDS = { "two SVIDs": () => ids.size === 2, "no file": () => seen.absent === 1 };
const isOver = ENDS[process.argv[2]];
const timer = setInterval(() => {
  look();
  if (!isOver()) return;
  clearInterval(timer);
  process.stdout.write(JSON.stringify({ ...seen, svids: ids.size }));
}, 5);

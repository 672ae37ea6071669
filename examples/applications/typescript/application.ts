import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const { ISSUER = "", AUDIENCE = "", PORT = "8080" } = process.env;

// Fetches the keys when it first needs them, and again when an assertion names a key that it does not know.
const keys = createRemoteJWKSet(new URL(`${ISSUER}/.well-known/jwks.json`));

const server = createServer(async (request, response) => {
  try {
    const assertion = String(request.headers["svid-jwt-assertion"]);
    const { payload } = await jwtVerify(assertion, keys, { issuer: ISSUER, audience: AUDIENCE });
    const { sub: caller, roles, traits } = payload;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ caller, roles, traits }));
  } catch {
    response.writeHead(403).end("There is no assertion that holds.\n");
  }
});
server.listen(Number(PORT), "127.0.0.1");

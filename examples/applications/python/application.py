"""An application behind the gateway: it verifies the assertion, and answers with who called."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

ISSUER = os.environ["ISSUER"]
AUDIENCE = os.environ["AUDIENCE"]

# Fetches the keys when it first needs them, and again when an assertion names a key that it does not know.
KEYS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json")


def caller_of(assertion: str) -> dict:
    key = KEYS.get_signing_key_from_jwt(assertion)
    claims = jwt.decode(
        assertion,
        key,
        algorithms=["ES256", "RS256"],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"require": ["exp", "iss", "aud", "sub"]},
    )
    return {"caller": claims["sub"], "roles": claims.get("roles"), "traits": claims.get("traits")}


class Application(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, body = 200, json.dumps(caller_of(self.headers.get("Svid-Jwt-Assertion", "")))
        except jwt.PyJWTError:
            status, body = 403, "There is no assertion that holds.\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "text/plain")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Application).serve_forever()

"""A workload on py-spiffe, as a stranger would write it. It reads commands from its input: ../README.md."""

import json
import re
import sys

from spiffe import JwtSource, JwtSvid, SpiffeId, TrustDomain, WorkloadApiClient

LONGEST_CALL_S = 10


def main() -> None:
    with WorkloadApiClient() as client, JwtSource(timeout_in_seconds=LONGEST_CALL_S) as source:
        for line in sys.stdin:
            command, *words = line.split()
            print(json.dumps(reply(client, source, command, words)), flush=True)


def reply(client: WorkloadApiClient, source: JwtSource, command: str, words: list[str]) -> dict:
    if command not in COMMANDS:
        return {"code": "UNKNOWN", "message": "no such command"}
    try:
        return {"ok": COMMANDS[command](client, source, *words)}
    except Exception as error:
        code = re.search(r"StatusCode\.(\w+)", str(error))
        return {"code": code[1] if code else "UNKNOWN", "message": str(error)}


def fetch(client: WorkloadApiClient, _: JwtSource, audiences: str, spiffe_id: str | None = None) -> dict:
    subject = SpiffeId(spiffe_id) if spiffe_id else None
    return told(client.fetch_jwt_svid(audience=set(audiences.split(",")), subject=subject, timeout=LONGEST_CALL_S))


def judge(_: WorkloadApiClient, source: JwtSource, audience: str, token: str) -> dict:
    subject = JwtSvid.parse_insecure(token, {audience}).spiffe_id
    bundle = source.get_bundle_for_trust_domain(subject.trust_domain)
    if bundle is None:
        raise LookupError(f"no bundle for {subject.trust_domain}")
    return told(JwtSvid.parse_and_validate(token, bundle, {audience}))


def validate(client: WorkloadApiClient, _: JwtSource, audience: str, token: str) -> dict:
    return told(client.validate_jwt_svid(token, audience, timeout=LONGEST_CALL_S))


def bundles(client: WorkloadApiClient, _: JwtSource) -> dict:
    found = client.fetch_jwt_bundles(timeout=LONGEST_CALL_S).bundles
    return {f"spiffe://{bundle.trust_domain}": sorted(bundle.jwt_authorities) for bundle in found}


def source_keys(_: WorkloadApiClient, source: JwtSource, trust_domain: str) -> dict:
    bundle = source.get_bundle_for_trust_domain(TrustDomain(trust_domain))
    return {"keys": sorted(bundle.jwt_authorities) if bundle else []}


def x509(client: WorkloadApiClient, _: JwtSource) -> dict:
    client.fetch_x509_svid(timeout=LONGEST_CALL_S)
    return {}


def x509_bundles(client: WorkloadApiClient, _: JwtSource) -> dict:
    client.fetch_x509_bundles(timeout=LONGEST_CALL_S)
    return {}


def told(svid: JwtSvid) -> dict:
    return {"id": str(svid.spiffe_id), "audience": sorted(svid.audience), "token": svid.token}


COMMANDS = {
    "fetch": fetch,
    "judge": judge,
    "validate": validate,
    "bundles": bundles,
    "source": source_keys,
    "x509": x509,
    "x509-bundles": x509_bundles,
}

main()

import type { Answered } from "./call.ts";
import type { Exchanged, Job } from "./jobs.ts";
import { AUDIENCE } from "./jobs.ts";
import type { World } from "./world.ts";

/** What a person reads of one exchange: who asked, which policy matched, what was minted, who believed it. */
export function describeExchange(
  job: Job,
  { asked, answer, header, claims }: Exchanged,
  exchange: string,
): string {
  return `
${job.name}
  asked      ${asked.sub}
             iss ${asked.iss}
  policy     ${answer.policy}   (trust document ${answer.configVersion})
  JWT-SVID   ${JSON.stringify(header)}
${indent(JSON.stringify(claims, null, 2), 13)}
  verified   by jose, against ${exchange}/.well-known/jwks.json, for ${answer.audience}
`;
}

/** What a person reads of one call: the status, and what the application says of its caller, or the gateway of a refusal. */
export function describeCall(caller: string, { status, body }: Answered): string {
  return `
${caller}
  answer     ${status}
${indent(JSON.stringify(JSON.parse(body), null, 2), 13)}
`;
}

/** Commands to paste. The first line asks for a fresh ID token, because each one can be exchanged once. */
export function describeNext({ exchange, github, application }: World): string {
  const askForToken = `TOKEN=$(curl -sS -H 'authorization: bearer ${github.requestToken}' '${github.requestUrl}&audience=${encodeURIComponent(exchange)}' | sed 's/.*"value":"\\([^"]*\\)".*/\\1/')`;
  const exchangeFor = (audience: string): string =>
    `curl -sS ${exchange}/token --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:token-exchange --data-urlencode subject_token_type=urn:ietf:params:oauth:token-type:id_token --data-urlencode subject_token="$TOKEN" --data-urlencode audience=${audience}`;
  return `The exchange stays up at ${exchange}  (Ctrl-C ends it). Try next:

  # ask for an ID token, as a GitHub runner does
  ${askForToken}

  # exchange it for a JWT-SVID
  ${exchangeFor(AUDIENCE)}

  # call the application behind the gateway with an SVID: it says who called, by an assertion that jose verifies
  ${askForToken}
  SVID=$(${exchangeFor(application.audience)} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -sS http://${application.host}/ -H "Authorization: Bearer $SVID"

  # call it as a stranger, and past the gateway
  curl -sS -w '\\n%{http_code}\\n' http://${application.host}/
  curl -sS -w '\\n%{http_code}\\n' ${application.origin}/

  # what relying parties read
  curl -sS ${exchange}/.well-known/openid-configuration
  curl -sS ${exchange}/.well-known/jwks.json
  curl -sS ${exchange}/.well-known/spiffe-bundle.json
  curl -sS ${exchange}/healthz
`;
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, " ".repeat(by));
}

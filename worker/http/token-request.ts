import { type Denial, type DenialCode, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { type ExchangeRequest, GRANT_TYPE, TOKEN_TYPE_ID_TOKEN, TOKEN_TYPE_JWT } from "../../shared/wire.ts";
import { readBody } from "./body.ts";
import { type Form, parseForm } from "./form.ts";

const MEDIA_TYPE = "application/x-www-form-urlencoded";
/** RFC 8693 §2.1: only these two may be given more than once. */
const REPEATABLE = new Set(["audience", "resource"]);
const CLIENT_CREDENTIALS = ["client_secret", "client_assertion", "client_assertion_type"];
/** Parameters whose names a denial may show. */
const KNOWN_PARAMETERS = new Set([
  "grant_type",
  "subject_token",
  "subject_token_type",
  "requested_token_type",
  "actor_token",
  "actor_token_type",
  "scope",
  "policy",
  "dry_run",
]);

/** Reads the request of `POST /token` (RFC 8693 §2.1): headers, body, form, parameters; the first failure wins. */
export async function readTokenRequest(request: Request): Promise<Result<ExchangeRequest, Denial>> {
  const refused = headerDenial(request);
  if (refused !== undefined) return err(refused);
  const body = await readBody(request);
  if (!body.ok) return body;
  const form = parseForm(body.value);
  return form.ok ? tokenRequest(form.value) : form;
}

function headerDenial({ headers, url }: Request): Denial | undefined {
  const mediaType = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== MEDIA_TYPE) return deny("content_type_refused", `The Content-Type is not ${MEDIA_TYPE}.`);
  if (new URL(url).search !== "") return deny("parameter_in_query", "The URL has a query string.");
  if (headers.has("dpop")) return deny("proof_of_possession_unsupported", "The request has a DPoP header.");
  if (headers.has("authorization")) {
    return deny("client_authentication_unsupported", "The request has an Authorization header.");
  }
  return undefined;
}

/** Judges the parameters in the order of RFC 8693 §2.1. Unknown ones are ignored (RFC 6749 §3.2). */
export function tokenRequest(form: Form): Result<ExchangeRequest, Denial> {
  const denial = protocolDenial(form);
  if (denial !== undefined) return err(denial);
  const audience = requestedAudience(form);
  if (!audience.ok) return audience;
  const dryRun = only(form, "dry_run") ?? "false";
  if (dryRun !== "true" && dryRun !== "false") {
    return err(deny("parameter_invalid", "The parameter dry_run is neither true nor false."));
  }
  const policy = only(form, "policy");
  return ok({
    subjectToken: only(form, "subject_token") ?? "",
    ...(audience.value === undefined ? {} : { audience: audience.value }),
    ...(policy === undefined ? {} : { policy }),
    dryRun: dryRun === "true",
  });
}

function protocolDenial(form: Form): Denial | undefined {
  return (
    duplicate(form) ??
    expected(form, "grant_type", [GRANT_TYPE], "grant_type_unsupported") ??
    required(form, "grant_type") ??
    present(form, CLIENT_CREDENTIALS, "client_authentication_unsupported") ??
    required(form, "subject_token") ??
    required(form, "subject_token_type") ??
    expected(
      form,
      "subject_token_type",
      [TOKEN_TYPE_ID_TOKEN, TOKEN_TYPE_JWT],
      "subject_token_type_unsupported",
    ) ??
    expected(form, "requested_token_type", [TOKEN_TYPE_JWT], "requested_token_type_unsupported") ??
    present(form, ["actor_token", "actor_token_type"], "actor_token_unsupported") ??
    present(form, ["scope"], "scope_unsupported")
  );
}

/** `audience` is a name, `resource` an absolute URI; an SVID has one audience, so at most one value in all. */
function requestedAudience(form: Form): Result<string | undefined, Denial> {
  const resources = form.get("resource") ?? [];
  if (resources.some((resource) => !isResource(resource))) {
    return err(
      deny("parameter_invalid", "A resource is not an absolute URI without a fragment (RFC 8693 2.1)."),
    );
  }
  const values = new Set([...(form.get("audience") ?? []), ...resources]);
  if (values.size > 1) return err(deny("audience_multiple", `The request names ${values.size} audiences.`));
  return ok([...values][0]);
}

function isResource(text: string): boolean {
  return URL.canParse(text) && !text.includes("#");
}

function only(form: Form, name: string): string | undefined {
  return form.get(name)?.[0];
}

function required(form: Form, name: string): Denial | undefined {
  return form.has(name) ? undefined : deny("parameter_missing", `The parameter ${name} is missing or empty.`);
}

function expected(form: Form, name: string, values: readonly string[], code: DenialCode): Denial | undefined {
  const value = only(form, name);
  if (value === undefined || values.includes(value)) return undefined;
  return deny(code, `The parameter ${name} has a value that this exchange does not know.`);
}

function present(form: Form, names: readonly string[], code: DenialCode): Denial | undefined {
  const name = names.find((each) => form.has(each));
  return name === undefined ? undefined : deny(code, `The parameter ${name} is not supported.`);
}

function duplicate(form: Form): Denial | undefined {
  for (const [name, values] of form) {
    if (values.length > 1 && !REPEATABLE.has(name)) {
      // An unknown name is the caller's own text, so it stays out of the answer.
      return deny(
        "parameter_duplicated",
        `The ${KNOWN_PARAMETERS.has(name) ? `parameter ${name}` : "same parameter"} is there ${values.length} times.`,
      );
    }
  }
  return undefined;
}

import { formatInstant } from "../../shared/time.ts";
import { applicationsHealth } from "../gateway/applications-health.ts";
import type { Call } from "./call.ts";

/**
 * `GET /healthz`: whether this isolate can exchange now, and why not. It holds no secret, names no issuer, quotes nothing
 * of a refused document and says nothing about callers. 200 where there are a trust document and a key that can sign, 503
 * where not.
 */
export async function serveHealth(call: Call): Promise<Response> {
  const { services, trust, now, request } = call;
  const settings = trust.ok ? trust.value.config.keys : undefined;
  const keys = await services.signingKeys.health(settings, call);
  const refused = services.trust.refused();
  const copyRefusedSince = services.upstreamKeys.copyRefusedSince();
  const applications = trust.ok
    ? applicationsHealth(trust.value.config, services.gateway.originOf)
    : undefined;
  const isDegraded =
    refused !== undefined || copyRefusedSince !== undefined || (applications?.without_origin ?? 0) > 0;
  const body = {
    status: overall(trust.ok, keys.status, isDegraded),
    config: trust.ok
      ? { version: trust.value.version, age_seconds: now - trust.value.since }
      : { code: trust.error.code },
    ...(refused === undefined ? {} : { refused_config: { version: refused.version, rules: refused.rules } }),
    signing_keys: keys,
    upstream_keys: { ages_seconds: services.upstreamKeys.ages(now) },
    ...(applications === undefined ? {} : { applications }),
    ...(copyRefusedSince === undefined ? {} : { upstream_problems: [copyRefused(copyRefusedSince)] }),
  };
  const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
  return new Response(request.method === "HEAD" ? null : JSON.stringify(body), {
    status: body.status === "unavailable" ? 503 : 200,
    headers,
  });
}

function copyRefused(since: number) {
  return {
    code: "upstream_copy_unauthenticated",
    says: "KV has a copy of an issuer's keys that this exchange did not write",
    since: formatInstant(since),
  };
}

type Status = "ok" | "degraded" | "unavailable";

function overall(isConfigured: boolean, keys: Status, isDegraded: boolean): Status {
  if (!isConfigured || keys === "unavailable") return "unavailable";
  return keys === "degraded" || isDegraded ? "degraded" : "ok";
}

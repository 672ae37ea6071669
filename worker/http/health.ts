import type { Call } from "./call.ts";

/**
 * `GET /healthz`: whether an exchange can succeed here and now, and why not. It names no secret and nothing about
 * callers. 200 while there are a trust document and keys, 503 where not.
 */
export async function serveHealth({ services, now, background, request }: Call): Promise<Response> {
  const trust = await services.trust.current(now, background);
  const keys = trust.ok
    ? await services.signingKeys.published(trust.value.config.keys, now, background)
    : trust;
  const problem = services.trust.problem();
  const body = {
    status: keys.ok ? (problem === undefined ? "ok" : "degraded") : "unavailable",
    config: trust.ok
      ? { version: trust.value.version, age_seconds: now - trust.value.since }
      : { code: trust.error.code },
    ...(problem === undefined ? {} : { refused_config: problem }),
    signing_keys: keys.ok ? keys.value.keys.map(({ kid }) => kid) : { code: keys.error.code },
    upstream_keys: services.upstreamKeys.ages(now),
  };
  const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
  return new Response(request.method === "HEAD" ? null : JSON.stringify(body), {
    status: keys.ok ? 200 : 503,
    headers,
  });
}

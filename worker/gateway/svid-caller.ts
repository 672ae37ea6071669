import { deny } from "../../shared/denial.ts";
import { ownMember } from "../../shared/json.ts";
import { err, ok } from "../../shared/result.ts";
import { svidAttributesOf } from "../../shared/trust/model/svid-attributes.ts";
import { judgeSvid } from "../../shared/verify/svid.ts";
import type { VerifyCaller } from "./caller.ts";
import type { OwnKeys } from "./own-keys.ts";

/** Judges our own SVID, for the audience of the application, by the keys in this isolate's memory. */
export function createSvidCaller(ownKeys: OwnKeys): VerifyCaller {
  return async (token, context) => {
    const { trust, application, now } = context;
    const { issuer, trustDomain, keys: settings } = trust.config;
    const keys = await ownKeys(settings, context);
    if (!keys.ok) return keys;
    const expected = { keys: keys.value, issuer, trustDomain, audiences: [application.audience] };
    const svid = await judgeSvid(token, expected, now);
    if (!svid.ok) return err(deny("caller_token_refused", `The token ${svid.error.what}.`));
    const { claims, expiresAt } = svid.value;
    const jti = ownMember(claims, "jti");
    return ok({
      attributes: svidAttributesOf(svid.value),
      token: "svid",
      jti: typeof jti === "string" ? jti : undefined,
      expiresAt,
    });
  };
}

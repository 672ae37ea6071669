import { concatBytes } from "../grpc/bytes.ts";
import { readLengthDelimited, readText, readTexts } from "../grpc/protobuf-reader.ts";
import { bytesField, struct, textField } from "../grpc/protobuf-writer.ts";
import type { JsonObject } from "../json.ts";
import { ok, type Result } from "../result.ts";
import type { SpiffeId, TrustDomain } from "../spiffe-id.ts";

/** The messages of the JWT-SVID profile (SPIFFE Workload API, Appendix A: workload.proto). */

export interface JwtSvidRequest {
  readonly audience: readonly string[];
  /** Empty where the caller takes any SPIFFE ID. */
  readonly spiffeId: string;
}

export function readJwtSvidRequest(bytes: Uint8Array): Result<JwtSvidRequest, string> {
  const fields = readLengthDelimited(bytes);
  if (!fields.ok) return fields;
  const audience = readTexts(fields.value, 1);
  if (!audience.ok) return audience;
  const spiffeId = readText(fields.value, 2);
  return spiffeId.ok ? ok({ audience: audience.value, spiffeId: spiffeId.value }) : spiffeId;
}

export interface ValidateJwtSvidRequest {
  readonly audience: string;
  readonly svid: string;
}

export function readValidateJwtSvidRequest(bytes: Uint8Array): Result<ValidateJwtSvidRequest, string> {
  const fields = readLengthDelimited(bytes);
  if (!fields.ok) return fields;
  const audience = readText(fields.value, 1);
  if (!audience.ok) return audience;
  const svid = readText(fields.value, 2);
  return svid.ok ? ok({ audience: audience.value, svid: svid.value }) : svid;
}

export interface IssuedSvid {
  readonly spiffeId: SpiffeId;
  readonly svid: string;
}

/** `JWTSVIDResponse`: one `JWTSVID` for each SVID. */
export function writeJwtSvidResponse(svids: readonly IssuedSvid[]): Uint8Array {
  return concatBytes(
    svids.map(({ spiffeId, svid }) =>
      bytesField(1, concatBytes([textField(1, spiffeId), textField(2, svid)])),
    ),
  );
}

/** `JWTBundlesResponse`: a map from the SPIFFE ID of a trust domain to its JWK Set. */
export function writeJwtBundlesResponse(bundles: ReadonlyMap<TrustDomain, string>): Uint8Array {
  return concatBytes(
    [...bundles].map(([trustDomain, jwks]) =>
      bytesField(
        1,
        concatBytes([textField(1, `spiffe://${trustDomain}`), bytesField(2, new TextEncoder().encode(jwks))]),
      ),
    ),
  );
}

/** `ValidateJWTSVIDResponse`. */
export function writeValidateJwtSvidResponse(spiffeId: SpiffeId, claims: JsonObject): Uint8Array {
  return concatBytes([textField(1, spiffeId), bytesField(2, struct(claims))]);
}

import type { Exchanged } from "../../shared/client/get-svid.ts";
import { printable } from "../../shared/printable.ts";
import { formatInstant } from "../../shared/time.ts";

/** One line about an SVID; the SVID itself is not in it. */
export function exchangedLine({ spiffeId, audience, expiresAtMs }: Exchanged): string {
  return `${printable(spiffeId)} for ${printable(audience)} until ${formatInstant(expiresAtMs / 1000)}`;
}

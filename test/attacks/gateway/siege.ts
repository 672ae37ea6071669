import type { DenialCode } from "../../../shared/denial.ts";
import type { Applications, Received } from "../../stage/applications.ts";
import type { SeenRequest } from "../../stage/origin.ts";

/** The application that is attacked, and one that is nobody's target. */
export const HOST = "app.example.org";
export const OTHER_HOST = "other.example.org";
export const LOOP_HOST = "loop.example.org";
/** The header that carries the assertion, and one that `rewrite` sets besides `Authorization`. */
export const ASSERTION_HEADER = "Svid-Jwt-Assertion";
export const REWRITTEN_HEADER = "X-Team";

/** The world of an attack: honest tokens, and ways to send. */
export interface Siege {
  readonly world: Applications;
  /** An honest SVID for the application, and one for the other. */
  readonly svid: string;
  readonly otherSvid: string;
}

/** What came of a request: the answer, and what the origin saw of it, if it saw it. */
export interface Outcome {
  readonly received: Received;
  readonly seen: SeenRequest | undefined;
}

/** One row: what an attacker sends, and how it must end. */
export interface GatewayAttack {
  readonly name: string;
  /** The code of the refusal; `passes` where the request reaches the origin without what was attacked with. */
  readonly ends: DenialCode | "passes" | "refused by the runtime";
  readonly send: (siege: Siege) => Promise<Outcome>;
  /** What must be true of a request that passes. The checks of every request come besides. */
  readonly check?: (seen: SeenRequest, siege: Siege) => boolean;
}

export const SPOOF = "spoofed-by-the-caller";

/** Sends, and finds what the origin saw of it. */
export async function outcome({ world }: Siege, sending: Promise<Received>): Promise<Outcome> {
  const before = world.origin.seen.length;
  const received = await sending;
  return { received, seen: world.origin.seen[before] };
}

/** Sends header lines as they stand, over a connection of its own. */
export async function sendLines(
  siege: Siege,
  lines: readonly string[],
  requestLine = "GET /attacked HTTP/1.1",
): Promise<Outcome> {
  const before = siege.world.origin.seen.length;
  const text = await siege.world.write(`${requestLine}\r\n${lines.join("\r\n")}\r\n\r\n`);
  const [head = "", ...body] = text.split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  const json = /\{.*\}/s.exec(body.join(""))?.[0];
  return {
    received: { status, headers: {}, text, json: json === undefined ? {} : parsed(json) },
    seen: siege.world.origin.seen[before],
  };
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

/** The header line of the attacked application. */
export const HOST_LINE = `Host: ${HOST}`;
export const bearer = ({ svid }: Siege): string => `Authorization: Bearer ${svid}`;

/** A header with the caller's own value, beside an honest token. */
export function spoofed(line: string, check?: GatewayAttack["check"]): GatewayAttack {
  return {
    name: `the header ${JSON.stringify(line)}`,
    ends: "passes",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege), line]),
    ...(check === undefined ? {} : { check }),
  };
}

import { valuesOf } from "../../stage/origin.ts";
import {
  ASSERTION_HEADER,
  bearer,
  type GatewayAttack,
  HOST_LINE,
  REWRITTEN_HEADER,
  SPOOF,
  sendLines,
  spoofed,
} from "./siege.ts";

export const SMUGGLED: readonly GatewayAttack[] = [
  {
    name: "the assertion header twice",
    ends: "passes",
    send: (siege) =>
      sendLines(siege, [
        HOST_LINE,
        bearer(siege),
        `${ASSERTION_HEADER}: ${SPOOF}`,
        `${ASSERTION_HEADER}: ${SPOOF}`,
      ]),
  },
  spoofed(`${ASSERTION_HEADER}: ${SPOOF}, ${SPOOF}`),
  spoofed(`${ASSERTION_HEADER}:`),
  spoofed(`${ASSERTION_HEADER}:   ${SPOOF}   `),
  spoofed(`Connection: ${ASSERTION_HEADER}`),
  spoofed(`Connection: close, ${ASSERTION_HEADER}, ${REWRITTEN_HEADER}, Authorization`),
  spoofed("Connection: host"),
  spoofed("Transfer_Encoding: chunked", (seen) => valuesOf(seen, "transfer_encoding").length === 0),
  {
    name: "a header that Connection takes off",
    ends: "passes",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege), "Connection: X-Hop", "X-Hop: spoofed"]),
    check: (seen) => valuesOf(seen, "x-hop").length === 0,
  },
  {
    name: "a blank before the colon",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege), `${ASSERTION_HEADER} : ${SPOOF}`]),
  },
  {
    name: "a folded header line",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege), "X-A: b", ` ${ASSERTION_HEADER}: ${SPOOF}`]),
  },
  {
    name: "a null byte in a value",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege), "X-A: a\0b"]),
  },
  {
    name: "a lone CR in a value",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege), `X-A: a\r${ASSERTION_HEADER}: ${SPOOF}`]),
  },
  {
    name: "a length and chunks at once, with a second request in the body",
    ends: "passes",
    send: (siege) =>
      sendLines(
        siege,
        [
          HOST_LINE,
          bearer(siege),
          "Content-Length: 4",
          "Transfer-Encoding: chunked",
          "",
          "0",
          "",
          "GET /smuggled HTTP/1.1",
          HOST_LINE,
        ],
        "POST /attacked HTTP/1.1",
      ),
    check: (_, { world }) => world.origin.seen.every(({ url }) => url !== "/smuggled"),
  },
  {
    name: "a transfer coding that nobody knows",
    ends: "refused by the runtime",
    send: (siege) =>
      sendLines(siege, [HOST_LINE, bearer(siege), "Transfer-Encoding: xchunked"], "POST / HTTP/1.1"),
  },
  {
    name: "TRACE, which would show the assertion",
    ends: "method_not_allowed",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege)], "TRACE /attacked HTTP/1.1"),
  },
  {
    name: "CONNECT to another host",
    ends: "refused by the runtime",
    send: (siege) => sendLines(siege, [HOST_LINE, bearer(siege)], "CONNECT evil.example:443 HTTP/1.1"),
  },
];

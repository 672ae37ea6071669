import * as http2 from "node:http2";
import * as net from "node:net";

/**
 * A client of the SPIFFE Workload API that shares no code with the server. It writes and reads the few shapes of
 * workload.proto by hand, and shows what crossed the wire: messages, trailers, how the stream ended.
 */

export interface CallOptions {
  /** The bytes of the request message; absent: an empty message. */
  readonly message?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the security header of the Workload API is sent. */
  readonly securityHeader?: boolean;
}

/** A call that is under way, or over. */
export interface ClientCall {
  readonly stream: http2.ClientHttp2Stream;
  readonly messages: Uint8Array[];
  /** Ends with the status that the server gave. */
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** The status of HTTP. */
  readonly http: number | undefined;
  /** `grpc-status`, where there was one. */
  readonly code: number | undefined;
  /** `grpc-message`, decoded. */
  readonly message: string;
  readonly messages: readonly Uint8Array[];
  /** Whether headers, status and end came in one frame. */
  readonly trailersOnly: boolean;
  readonly headers: http2.IncomingHttpHeaders;
  readonly rstCode: number;
}

/** @param endpoint as SPIFFE_ENDPOINT_SOCKET holds it. */
export async function connectWorkloadApi(endpoint: string) {
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const session =
    protocol === "unix:"
      ? http2.connect("http://localhost", { createConnection: () => net.connect(pathname) })
      : http2.connect(`http://${hostname}:${port}`);
  await new Promise<void>((resolve, reject) =>
    session.once("connect", () => resolve()).once("error", reject),
  );
  session.on("error", () => {});
  return {
    session,
    start: (method: string, options: CallOptions = {}): ClientCall => startCall(session, method, options),
    call: (method: string, options: CallOptions = {}): Promise<Ended> =>
      startCall(session, method, options).ended,
    close: (): Promise<void> => new Promise((resolve) => session.close(() => resolve())),
  };
}

export type WorkloadClient = Awaited<ReturnType<typeof connectWorkloadApi>>;

function startCall(
  session: http2.ClientHttp2Session,
  method: string,
  { message = new Uint8Array(), headers = {}, securityHeader = true }: CallOptions,
): ClientCall {
  const stream = openCall(session, method, { headers, securityHeader });
  const call = follow(stream);
  stream.end(framed(message));
  return call;
}

/** Opens a call without sending anything of its message. */
export function openCall(
  session: http2.ClientHttp2Session,
  method: string,
  { headers = {}, securityHeader = true }: Omit<CallOptions, "message"> = {},
): http2.ClientHttp2Stream {
  return session.request(
    {
      ":method": "POST",
      ":path": method.startsWith("/") ? method : `/SpiffeWorkloadAPI/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
      ...(securityHeader ? { "workload.spiffe.io": "true" } : {}),
      ...headers,
    },
    { endStream: false },
  );
}

/** Watches a call to its end. */
export function follow(stream: http2.ClientHttp2Stream): ClientCall {
  const messages: Uint8Array[] = [];
  let received: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {};
  let trailers: http2.IncomingHttpHeaders | undefined;
  let trailersOnly = false;
  let rest = Buffer.alloc(0);
  stream.on("response", (headers, flags) => {
    received = headers;
    trailersOnly = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  });
  stream.on("trailers", (headers) => {
    trailers = headers;
  });
  stream.on("data", (part: Buffer) => {
    rest = Buffer.concat([rest, part]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      messages.push(Uint8Array.from(rest.subarray(5, end)));
      rest = rest.subarray(end);
    }
  });
  const ended = new Promise<Ended>((resolve) => {
    stream.on("error", () => {});
    stream.on("close", () => {
      const last = trailers ?? received;
      const code = last["grpc-status"];
      resolve({
        http: received[":status"],
        code: code === undefined ? undefined : Number(code),
        message: decodeURIComponent(String(last["grpc-message"] ?? "")),
        messages,
        trailersOnly,
        headers: received,
        rstCode: stream.rstCode ?? 0,
      });
    });
  });
  return { stream, messages, ended };
}

/** A length-prefixed message. */
export function framed(message: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A field of text or bytes, of less than 2 MiB and with a number below 16. */
export function field(number: number, value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const size = bytes.length;
  const length =
    size < 128
      ? [size]
      : size < 16_384
        ? [(size & 127) | 128, size >> 7]
        : [(size & 127) | 128, ((size >> 7) & 127) | 128, size >> 14];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}

/** The fields of a message that has only texts, bytes and messages, in their order. */
export function fieldsOf(message: Uint8Array): readonly (readonly [number: number, value: Buffer])[] {
  const bytes = Buffer.from(message);
  const fields: [number, Buffer][] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    if ((tag & 7) !== 2) throw new Error(`the field ${tag >> 3} is not length-delimited`);
    at += 1;
    let [size, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at] ?? 0;
      size |= (byte & 127) << shift;
      shift += 7;
      at += 1;
    } while (byte >= 128);
    fields.push([tag >> 3, bytes.subarray(at, at + size)]);
    at += size;
  }
  return fields;
}

/** `JWTSVIDRequest`. */
export function svidRequest(audience: readonly string[], spiffeId = ""): Buffer {
  return Buffer.concat([
    ...audience.map((one) => field(1, one)),
    ...(spiffeId === "" ? [] : [field(2, spiffeId)]),
  ]);
}

/** The SVIDs of a `JWTSVIDResponse`. */
export function svidsOf(
  message: Uint8Array,
): readonly { readonly spiffeId: string; readonly svid: string }[] {
  return fieldsOf(message).map(([, svid]) => {
    const texts = new Map(fieldsOf(svid).map(([number, value]) => [number, value.toString("utf8")]));
    return { spiffeId: texts.get(1) ?? "", svid: texts.get(2) ?? "" };
  });
}

/** The JWK Sets of a `JWTBundlesResponse`, by trust domain. */
export function bundlesOf(message: Uint8Array): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fieldsOf(message).map(([, entry]) => {
      const parts = new Map(fieldsOf(entry));
      return [parts.get(1)?.toString("utf8") ?? "", JSON.parse(parts.get(2)?.toString("utf8") ?? "")];
    }),
  );
}

/** `ValidateJWTSVIDRequest`. */
export function validateRequest(audience: string, svid: string): Buffer {
  return Buffer.concat([
    ...(audience === "" ? [] : [field(1, audience)]),
    ...(svid === "" ? [] : [field(2, svid)]),
  ]);
}

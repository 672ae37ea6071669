/** The part of HTTP/2 that a call needs, as `node:http2` has it. */

/** The headers of a request. */
export type CallHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export function headerText(headers: CallHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(",");
}

/** NO_ERROR: the response is whole, and the rest of the request is not wanted (RFC 9113 §8.1). */
export const NO_ERROR = 0;

/** The part of `ServerHttp2Stream`. */
export interface CallStream {
  /** The client has reset the stream, or this side has. */
  readonly closed: boolean;
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  respond(
    headers: Record<string, string | number>,
    options?: { endStream?: boolean; waitForTrailers?: boolean },
  ): void;
  write(bytes: Uint8Array, written: () => void): unknown;
  end(): unknown;
  sendTrailers(headers: Record<string, string>): void;
  /** Resets the stream, after what was sent. */
  close(code: typeof NO_ERROR): void;
  on(event: "data", listener: (part: Uint8Array) => void): unknown;
  on(event: "end" | "close" | "error" | "wantTrailers", listener: () => void): unknown;
}

/** Nothing can be sent on a stream that was reset, even before it is destroyed. */
export function isOpen({ closed, destroyed }: CallStream): boolean {
  return !closed && !destroyed;
}

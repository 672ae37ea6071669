/**
 * Whether a host is this machine: `localhost` (RFC 6761 §6.3), 127.0.0.0/8 (RFC 1122 §3.2.1.3) or `[::1]` (RFC 4291
 * §2.5.3).
 *
 * @param hostname as `URL` gives it, which writes every form of an address in one way.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Whether nobody else reads what is sent there, or changes what comes back: TLS, or a way that stays on this machine. */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

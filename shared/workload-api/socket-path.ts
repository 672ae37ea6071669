/**
 * How long the path of a unix socket may be: `sun_path` of `sockaddr_un` has 108 bytes on Linux and 104 elsewhere, with
 * the zero byte at its end.
 *
 * @param platform as `process.platform` names it.
 */
export function maxSocketPathBytes(platform: string): number {
  return platform === "linux" ? 107 : 103;
}

export function fitsSocket(path: string, platform: string): boolean {
  return new TextEncoder().encode(path).length <= maxSocketPathBytes(platform);
}

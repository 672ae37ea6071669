import type { NetworkCause } from "./network.ts";

/** The settings that the user can change, as they stand in a sentence: `--exchange-url`, `the input timeout`. */
export interface SettingNames {
  readonly url: string;
  /** Absent where the user can't set it. */
  readonly timeout?: string;
}

/** What a failed connection means, and what to do about it. */
export interface NetworkAdvice {
  /** A clause that follows the name of what could not be reached, and a colon. */
  readonly meaning: string;
  /** One or two sentences. */
  readonly advice: string;
}

type Row = readonly [meaning: string, advice: (names: SettingNames) => string];

const ADVICE: Readonly<Record<NetworkCause, Row>> = {
  dns: [
    "its host name has no address",
    ({ url }) => `Check the host name in ${url}, and whether the DNS of this machine knows it.`,
  ],
  tls: [
    "its certificate was not accepted",
    ({ url }) =>
      `Check the host name in ${url}. For a private certificate authority, set NODE_EXTRA_CA_CERTS to its certificate.`,
  ],
  refused: [
    "the connection was refused",
    ({ url }) => `Check host and port in ${url}, and whether a firewall lets this machine connect there.`,
  ],
  reset: [
    "the connection broke off",
    () => "Run the job again. If it fails again, check whether a firewall or a proxy cuts the connection.",
  ],
  timeout: [
    "no response came in time",
    ({ timeout }) =>
      `Check whether this machine may connect there${timeout === undefined ? "" : `, or raise ${timeout}`}.`,
  ],
  proxy: [
    "the proxy refused the connection",
    () => "Check HTTPS_PROXY and NO_PROXY, and whether the proxy allows this host.",
  ],
  other: [
    "the connection failed",
    () => "Run the job again. If it fails again, check the network of this machine.",
  ],
};

export function networkAdvice(cause: NetworkCause, names: SettingNames): NetworkAdvice {
  const [meaning, advice] = ADVICE[cause];
  return { meaning, advice: advice(names) };
}

/** Why the background process did not begin its work. It crosses a channel between processes, so it is plain data. */
export type BackgroundFailure =
  /** The trust domain or the keys of the exchange could not be read. */
  | { readonly code: "exchange_keys_unread"; readonly message: string; readonly advice: string }
  /** `address`: the path of the socket, or the IP of the port. `errno`: the error code of the system. */
  | { readonly code: "address_unusable"; readonly address: string; readonly errno: string }
  /** It ended, or said nothing, before it was ready. `how`: a clause that follows "because". */
  | { readonly code: "background_not_ready"; readonly how: string; readonly log: readonly string[] };

const CODES: { readonly [code in BackgroundFailure["code"]]: true } = {
  exchange_keys_unread: true,
  address_unusable: true,
  background_not_ready: true,
};

export function isBackgroundFailure(failure: { readonly code: string }): failure is BackgroundFailure {
  return Object.hasOwn(CODES, failure.code);
}

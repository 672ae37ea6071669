/** A global of every runtime with WebCrypto; `@types/node` declares its value and keeps its type to a module. */
type CryptoKey = import("node:crypto").webcrypto.CryptoKey;

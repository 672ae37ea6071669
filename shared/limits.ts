/**
 * Every number that bounds what the shared judges take, with its reason. Sizes are bytes, unless the name says otherwise.
 */

// The subject token.

/** GitHub's tokens are 1.5 to 2 KiB, GitLab's up to about 4 KiB with 200 groups. */
export const MAX_TOKEN_BYTES = 16 * 1024;
/** A CI provider's header holds alg, kid, typ and x5t, in under 300 bytes. */
export const MAX_TOKEN_HEADER_BYTES = 2 * 1024;
/** Key ids in use are UUIDs, thumbprints and hex digests. */
export const MAX_KID_LENGTH = 256;
/** Kubernetes' projected tokens nest three levels, GitLab's two. */
export const MAX_JSON_DEPTH = 16;
/** Members of all objects of one token. GitLab's richest token has about 60, and two more for each user identity. */
export const MAX_TOKEN_MEMBERS = 512;

// Key sets.

/** GitHub publishes four keys, gitlab.com two; Google a handful. */
export const MAX_KEYS_OF_A_SET = 100;
/** NIST SP 800-131A r2 disallows RSA under 2048 bits; over 8192 bits a verification takes too much CPU. */
export const MIN_RSA_BITS = 2_048;
export const MAX_RSA_BITS = 8_192;
/** A key set or discovery document, after decompression. GitHub's set is about 6 KiB. */
export const MAX_KEY_DOCUMENT_BYTES = 100 * 1024;
/** Members of all objects of one such document: a hundred keys of ten members, and a rich discovery document. */
export const MAX_KEY_DOCUMENT_MEMBERS = 4_000;
/** For headers and body of one fetch. A caller waits for two fetches at most, and its own deadline is near 30 s. */
export const KEY_FETCH_TIMEOUT_SECONDS = 3;

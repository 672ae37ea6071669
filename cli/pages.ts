/** Pages of the documentation that messages refer to. */

const REFERENCE = "https://github.com/svid-exchange/svid-exchange/blob/main/docs/reference";

/** Has a section for each denial code of the exchange. */
export const ERRORS_PAGE = `${REFERENCE}/errors.md`;

/** Has a section for each rule of a trust document. */
export const POLICY_PAGE = `${REFERENCE}/policy.md`;

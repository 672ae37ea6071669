import { judgeSignature } from "./judge-signature.ts";
import type { SignatureVector } from "./signature-vectors.ts";

/** Judges vectors in workerd: a list of them in the body, a list of verdicts in the response. */
export default {
  async fetch(request: Request): Promise<Response> {
    const vectors = (await request.json()) as readonly SignatureVector[];
    return Response.json(await Promise.all(vectors.map(judgeSignature)));
  },
};

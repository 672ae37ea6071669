import { type Case, verdictOf } from "./verdict.ts";

/** Judges SVIDs in workerd: a list of cases in, a list of verdicts out. */
export default {
  async fetch(request: Request): Promise<Response> {
    const cases = (await request.json()) as readonly Case[];
    return Response.json(await Promise.all(cases.map(verdictOf)));
  },
};

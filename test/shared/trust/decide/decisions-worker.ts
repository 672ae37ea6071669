import { DECISIONS, decideRow } from "./decisions.ts";

/** Runs the table of decisions where the exchange runs: in workerd. Answers what came of each row, in order. */
export default {
  fetch(): Response {
    return Response.json(DECISIONS.map(decideRow));
  },
};

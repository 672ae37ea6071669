import { type GatewayAttack, HOST, outcome } from "./siege.ts";

/** Claims that a job chooses, and that reach headers of the application. */
export const VALUES = Object.entries({
  "a line break": "pay\r\nX-Admin: 1",
  "a lone LF": "pay\nments",
  "a null byte": "pay\0ments",
  "letters that are not Latin-1": "плата",
  "a letter of Latin-1": "café",
  "a comma": "payments, admins",
  "a blank at its beginning": " payments",
  "an emoji": "💥",
  "4,050 letters": "a".repeat(4_050),
}).map(
  ([name, team]): GatewayAttack => ({
    name: `a claim with ${name} in a header of rewrite`,
    ends: "assertion_refused",
    send: async (siege) => {
      const token = await siege.world.svid(`https://${HOST}`, { team });
      return outcome(siege, siege.world.send(HOST, "/attacked", { token }));
    },
  }),
);

import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exchangeForm } from "../../shared/wire.ts";
import { type Arena, openArena } from "./arena.ts";
import { CI, ciToken, VAULT } from "./issuers.ts";
import { KEY_SETS } from "./keys.ts";

let arena: Arena;
beforeAll(async () => {
  arena = await openArena({ [CI]: KEY_SETS[CI] ?? [] });
  await arena.legitimate();
});
afterAll(() => arena.close());

const HEAD =
  "POST /token HTTP/1.1\r\nHost: svid.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n";

/** Writes bytes to the Worker's socket, waits, and hangs up. Returns what had come by then. */
function write(pieces: readonly string[], patienceMs = 300): Promise<string> {
  const { hostname, port } = arena.lab.url();
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = "";
  const socket = connect(Number(port), hostname, async () => {
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((next) => setTimeout(next, 20));
    }
    setTimeout(() => socket.destroy(), patienceMs);
  });
  socket.on("data", (bytes) => {
    answer += bytes.toString();
    if (answer.includes("\r\n\r\n")) socket.destroy();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(answer));
  return promise;
}

function form(): string {
  const token = ciToken();
  arena.secrets.push(token);
  return exchangeForm({ subjectToken: token, audience: VAULT }).toString();
}

const ROWS: Readonly<Record<string, () => string[]>> = {
  "headers alone": () => [HEAD],
  "headers that promise a body": () => [`${HEAD}Content-Length: 2000\r\n\r\n`],
  "half a body": () => [`${HEAD}Content-Length: ${form().length}\r\n\r\n`, form().slice(0, 500)],
  "all of a body but its last byte": () => {
    const body = form();
    return [`${HEAD}Content-Length: ${body.length}\r\n\r\n`, body.slice(0, -1)];
  },
  "a chunk that is cut": () => [
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
    `fff\r\n${form().slice(0, 300)}`,
  ],
  "a length and chunks at once": () => [
    `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    "0\r\n\r\n",
  ],
  "two lengths": () => [`${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, "a=bcd"],
  "a negative length": () => [`${HEAD}Content-Length: -1\r\n\r\n`, form()],
  "a length that is no number": () => [`${HEAD}Content-Length: many\r\n\r\n`, form()],
  "a body byte by byte": () => [`${HEAD}Content-Length: 12\r\n\r\n`, ..."grant_type=x"],
  "a header of 200 KB": () => [`${HEAD}X-Padding: ${"x".repeat(200_000)}\r\n\r\n`],
  "no HTTP at all": () => ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
};

test.each(Object.entries(ROWS))(
  "%s: no answer but a refusal, no fetch, and the next exchange succeeds",
  async (_, pieces) => {
    const before = arena.lab.requests.length;
    const answer = await write(pieces());
    expect(answer === "" || /^HTTP\/1\.1 (4\d\d|501) /.test(answer), answer.slice(0, 300)).toBe(true);
    expect(answer).not.toContain("access_token");
    expect(arena.lab.requests.length).toBe(before);
    expect((await arena.legitimate()).status).toBe(200);
  },
);

test("a whole request over the same socket is answered: the rows above do reach the Worker", async () => {
  const body = form();
  const answer = await write([`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`], 10_000);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
});

test("nothing of it was a defect, and no token is in the log", () => {
  expect(arena.lab.logs().filter((line) => line.includes('"event":"failure"'))).toEqual([]);
  expect(arena.leaks().found).toEqual([]);
});

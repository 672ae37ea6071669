/** The runs of the tests. A file belongs to the one that its name ends with, or else to `fast`: test/README.md. */
export const RUNS = {
  fast: { include: ["test/**/*.test.ts"], exclude: ["test/**/*.{workerd,slow}.test.ts"] },
  workerd: { include: ["test/**/*.workerd.test.ts"], exclude: [] },
  slow: { include: ["test/**/*.slow.test.ts"], exclude: [] },
};

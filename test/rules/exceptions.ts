/** Cases that cannot run in PGlite inside a transaction, and why. What they do is known from PostgreSQL's manual alone. */
export const notExecutable: ReadonlyMap<string, string> = new Map([
  ["DROP DATABASE shop;", "cannot run inside a transaction block"],
]);

/** Cases whose finding is not borne out on the fixture, because what decides it cannot be seen in the text. */
export const notKnowable: ReadonlyMap<string, string> = new Map([]);

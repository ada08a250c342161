import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { read, seen } from "./texts.ts";

const fragments = fc.constantFrom(
  "SELECT",
  "DROP TABLE a",
  "'",
  '"',
  "$$",
  "$t$",
  "/*",
  "*/",
  "--",
  "\n",
  ";",
  "\\",
  "\\;",
  "\\i f\n",
  "\\set x ",
  ":x",
  ":'x'",
  "\\if ",
  "\\endif\n",
  "\\g",
  "`",
  "(",
  ")",
  "DO",
  "BEGIN",
  "END",
  "EXECUTE",
  "||",
  "E'",
  "U&'",
  "COPY t FROM stdin;\n",
  "\\.\n",
  "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS",
  " ",
  "1",
  "é",
  "🐎",
  "\0",
  "\ud800",
);
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fragments, { maxLength: 25 }).map((parts) => parts.join("")),
);
const clients = fc.constantFrom("psql", "plain");
const dialects = fc.constantFrom("postgresql", "mysql", "mariadb");

const harmless = fc.constantFrom(
  "SELECT 1;",
  "-- note\n",
  "/* note */",
  "SET lock_timeout = '1s';",
  "CREATE INDEX ON z (a);",
  "INSERT INTO z VALUES ('it''s; $$');",
  "\n\n",
  "COMMENT ON TABLE z IS 'é 🐎';",
);
const harmful = fc.constantFrom(
  "DROP TABLE a;",
  "DELETE FROM a;",
  "WITH x AS (DELETE FROM a RETURNING 1) SELECT 1;",
  "DO $$ BEGIN TRUNCATE a; END $$;",
  "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'a'; END $$;",
);

describe("whatever the text is", () => {
  it("there is an answer, and the same one again", () => {
    fc.assert(
      fc.property(anyText, clients, dialects, (text, client, dialect) => {
        const more = { client, dialect, includes: { f: "SELECT 1; DROP TABLE b;" } } as const;
        const answer = read(text, more);
        expect(answer.canonical).toMatch(/^[0-9a-f]{64}$/);
        expect(read(text, more)).toEqual(answer);
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it("a finding never disappears among harmless statements", () => {
    const around = fc.array(harmless, { maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(around, harmful, around, clients, fc.boolean(), (before, text, after, client, stopsOnError) => {
        const more = { client, stopsOnError };
        expect(seen(before + text + after, more).filter((subject) => !subject.startsWith("insert"))).toEqual(
          seen(text, more),
        );
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

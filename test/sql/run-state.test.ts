import { describe, expect, it } from "vitest";
import type { RunState } from "../../src/model/rule.ts";
import type { SqlText } from "../../src/model/sql.ts";
import { analyze } from "../../src/sql/analyze.ts";
import { seen, sqlText } from "./texts.ts";

/** What the state says when the statement `SELECT here` comes by. */
function ask<Answer>(texts: readonly SqlText[], question: (state: RunState) => Answer): Answer | undefined {
  let answer: Answer | undefined;
  analyze({ texts }, [
    {
      ...{ id: "ask", title: "", hazard: "opaque", phase: "expand", why: "", instead: "", bad: [], good: [] },
      check(statement, state) {
        if (statement.display === "SELECT here") answer = question(state);
        return [];
      },
    },
  ]);
  return answer;
}

const t = { schema: "", name: "t" };
const inBlock = (body: string) => `DO $$ BEGIN ${body} END $$`;

describe("a table created here", () => {
  it.each([
    ["by CREATE TABLE", "CREATE TABLE t (); DROP TABLE t;"],
    ["by CREATE TABLE AS", "CREATE TABLE t AS SELECT 1; DELETE FROM t;"],
    ["by SELECT INTO", "SELECT 1 INTO t; TRUNCATE t;"],
    ["temporary, whatever else", "CREATE TEMP TABLE IF NOT EXISTS t (); DROP TABLE t;"],
    ["temporary until COMMIT", "BEGIN; CREATE TEMP TABLE t () ON COMMIT DROP; DELETE FROM t; COMMIT;"],
    ["in a psql script that stops", "\\set ON_ERROR_STOP on\nCREATE TABLE t ();\nDROP TABLE t;"],
  ])("%s is nothing to lose", (_name, text) => {
    expect(seen(text, text.startsWith("\\") ? { client: "psql", stopsOnError: false } : {})).toEqual([]);
  });

  it.each([
    ["IF NOT EXISTS", "CREATE TABLE IF NOT EXISTS t (); DROP TABLE t;"],
    ["another schema", "CREATE TABLE s.t (); DROP TABLE t;"],
    ["a dropped one: the name is another's now", "CREATE TABLE t (); DROP TABLE t; DROP TABLE t;"],
    ["a renamed one", "CREATE TABLE t (); ALTER TABLE t RENAME TO u; DROP TABLE t;"],
    ["a rolled back one", "BEGIN; CREATE TABLE t (); ROLLBACK; DROP TABLE t;"],
    ["a temporary one after its COMMIT", "BEGIN; CREATE TEMP TABLE t () ON COMMIT DROP; COMMIT; DROP TABLE t;"],
    ["a temporary one without a transaction", "CREATE TEMP TABLE t () ON COMMIT DROP; DROP TABLE t;"],
    ["a changed search_path", "CREATE TABLE t (); SET search_path = other; DROP TABLE t;"],
    [
      "a search_path changed by set_config",
      "CREATE TABLE t (); SELECT set_config('search_path', 'x', false); DROP TABLE t;",
    ],
    ["a changed role", "CREATE TABLE t (); SET ROLE other; DROP TABLE t;"],
    ["one created in a branch of a body", `${inBlock("IF false THEN CREATE TABLE t (); END IF;")}; DROP TABLE t;`],
    [
      "an error caught in a body",
      `${inBlock("BEGIN CREATE TABLE t (); EXCEPTION WHEN others THEN NULL; END;")}; DROP TABLE t;`,
    ],
    [
      "a partition attached to it",
      "CREATE TABLE t () PARTITION BY LIST (a); ALTER TABLE t ATTACH PARTITION old DEFAULT; DROP TABLE t;",
    ],
    ["a temporary view over it", "CREATE TABLE t (); CREATE TEMP VIEW t AS SELECT 1; DELETE FROM t;"],
    ["a temporary view before it", "CREATE TEMP VIEW t AS SELECT 1; CREATE TABLE t (); DELETE FROM t;"],
    ["one made inside CREATE SCHEMA", "CREATE SCHEMA s CREATE TABLE t (); DROP TABLE t;"],
    [
      "a new column that refers to it",
      "CREATE TABLE t (); ALTER TABLE old ADD COLUMN a int REFERENCES t; TRUNCATE t CASCADE;",
    ],
    ["a table that inherits from it", "CREATE TABLE t (); ALTER TABLE old INHERIT t; TRUNCATE t;"],
    [
      "rows that depend on it",
      "CREATE TABLE t (); ALTER TABLE old ADD FOREIGN KEY (a) REFERENCES t ON DELETE CASCADE; DELETE FROM t;",
    ],
  ])("is not taken for granted: %s", (_name, text) => {
    expect(seen(text)).toHaveLength(seen(text).length === 0 ? 1 : seen(text).length);
    expect(seen(text).at(-1)).toMatch(/ t text$/);
  });

  it("is not certain where errors do not stop the run", () => {
    expect(seen("CREATE TABLE t (); DROP TABLE t;", { stopsOnError: false })).toEqual(["drop t text"]);
    expect(seen("\\set ON_ERROR_STOP off\nCREATE TABLE t ();\nDROP TABLE t;", { client: "psql" })).toEqual([
      "drop t text",
    ]);
    expect(seen("\\if true\nCREATE TABLE t ();\n\\endif\nDROP TABLE t;", { client: "psql" })).toEqual(["drop t text"]);
  });

  it("is certain inside the tool's transaction until the text ends it", () => {
    const more = { stopsOnError: false, singleTransaction: true };
    expect(seen("CREATE TABLE t (); DROP TABLE t;", more)).toEqual([]);
    expect(seen("COMMIT; CREATE TABLE t (); DROP TABLE t;", more)).toEqual(["drop t text"]);
  });

  it("in an earlier text is not here", () => {
    expect(ask([sqlText("CREATE TABLE t ()"), sqlText("SELECT here")], (state) => state.createdHere(t))).toBe(false);
  });
});

describe("columns", () => {
  const added = (state: RunState) => state.columnAddedInRun(t, "c");
  const notNull = (state: RunState) => state.isNotNull(t, "c");
  const type = (state: RunState) => state.columnType(t, "c");

  it.each([
    ["added before", "ALTER TABLE t ADD COLUMN c int; SELECT here", added, true],
    ["added with IF NOT EXISTS", "ALTER TABLE t ADD COLUMN IF NOT EXISTS c int; SELECT here", added, false],
    ["added and dropped", "ALTER TABLE t ADD COLUMN c int; ALTER TABLE t DROP COLUMN c; SELECT here", added, false],
    ["in a table created here", "CREATE TABLE t (c int); SELECT here", added, true],
    ["NOT NULL later", "SELECT here; ALTER TABLE t ALTER COLUMN c SET NOT NULL", notNull, false],
    ["NOT NULL earlier", "ALTER TABLE t ALTER COLUMN c SET NOT NULL; SELECT here", notNull, true],
    ["NOT NULL by ADD COLUMN", "ALTER TABLE t ADD c int NOT NULL; SELECT here", notNull, true],
    ["NOT NULL by a key", "CREATE TABLE t (c int PRIMARY KEY); SELECT here", notNull, true],
    [
      "NOT NULL no more",
      "ALTER TABLE t ALTER c SET NOT NULL; ALTER TABLE t ALTER c DROP NOT NULL; SELECT here",
      notNull,
      false,
    ],
    [
      "NOT NULL earlier and rolled back",
      "BEGIN; ALTER TABLE t ALTER COLUMN c SET NOT NULL; ROLLBACK; SELECT here",
      notNull,
      false,
    ],
    ["type in CREATE TABLE", "CREATE TABLE t (c varchar(20)); SELECT here", type, "varchar(20)"],
    ["type in ADD COLUMN", "ALTER TABLE t ADD c numeric(10,2)[]; SELECT here", type, "numeric(10,2)[]"],
    [
      "type changed since",
      "CREATE TABLE t (c int); ALTER TABLE t ALTER c TYPE app.kind; SELECT here",
      type,
      "app.kind",
    ],
    ["type never seen", "SELECT here", type, null],
    ["type of a table that may have been there", "CREATE TABLE IF NOT EXISTS t (c int); SELECT here", type, null],
  ])("%s", (_name, text, question, expected) => {
    expect(ask([sqlText(text)], (state): unknown => question(state))).toBe(expected);
  });

  it("added in an earlier text of the run still count", () => {
    expect(ask([sqlText("ALTER TABLE t ADD COLUMN c int"), sqlText("SELECT here")], added)).toBe(true);
  });
});

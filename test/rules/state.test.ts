import { describe, expect, test } from "vitest";
import type { SqlText } from "../../src/model/sql.ts";
import { rules } from "../../src/rules/index.ts";
import { analyze } from "../../src/sql/analyze.ts";
import { hitsOf, textOf } from "./analysis.ts";

const found = (sql: string, over: Partial<SqlText> = {}) =>
  hitsOf(sql, over).map(({ rule, subject }) => `${rule} ${subject}`);
/** Without locks, and what is only worth knowing. */
const lost = (sql: string, over: Partial<SqlText> = {}) =>
  hitsOf(sql, over)
    .filter(({ hazard }) => hazard !== "availability" && hazard !== "note")
    .map(({ rule, subject }) => `${rule} ${subject}`);
const loose = { stopsOnError: false, singleTransaction: false };

describe("a table is known to be new only where nothing can bring an old one into play", () => {
  test.each<[string, string, Partial<SqlText>, readonly string[]]>([
    ["created here", "CREATE TABLE t (id int); DROP TABLE t;", {}, []],
    ["created only if absent", "CREATE TABLE IF NOT EXISTS t (id int); DROP TABLE t;", {}, ["drop-table t"]],
    ["an error would not end the run", "CREATE TABLE t (id int); DROP TABLE t;", loose, ["drop-table t"]],
    ["temporary", "CREATE TEMP TABLE IF NOT EXISTS t (id int); DROP TABLE t;", {}, []],
    [
      "temporary, but its error would not end the run",
      "CREATE TEMP TABLE t (id x); DROP TABLE t;",
      loose,
      ["drop-table t"],
    ],
    ["in the temporary schema", "DROP TABLE pg_temp.t;", loose, []],
    ["of another schema", "CREATE TABLE a.t (id int); DROP TABLE b.t;", {}, ["drop-table b.t"]],
    ["of a schema that is not written", "CREATE TABLE a.t (id int); DROP TABLE t;", {}, ["drop-table t"]],
    ["dropped twice", "CREATE TABLE t (id int); DROP TABLE t; DROP TABLE t;", {}, ["drop-table t"]],
    ["a function called like it", "CREATE TABLE t (id int); DROP FUNCTION t CASCADE;", {}, ["drop-function t"]],
    ["a schema called like it", "CREATE TABLE t (id int); ALTER SCHEMA t RENAME TO u;", {}, ["rename-schema t"]],
    [
      "a type moved that is called like it",
      "CREATE TABLE t (id int); ALTER DOMAIN t SET SCHEMA u;",
      {},
      ["set-schema t"],
    ],
  ])("%s", (_, sql, over, expected) => {
    expect(found(sql, over)).toEqual(expected);
  });
});

test("the rows of a new foreign table are old", () => {
  const sql = "CREATE FOREIGN TABLE ft (id int) SERVER s; DELETE FROM ft; DROP FOREIGN TABLE ft;";
  expect(found(sql)).toEqual(["delete-without-where ft"]);
});

describe("a column added in the run holds only what the run put there", () => {
  test("also when a later file drops, renames, retypes or overwrites it", () => {
    const later = [
      "UPDATE t SET c = 'x';",
      "ALTER TABLE t ALTER c TYPE varchar(1) USING c::varchar(1);",
      "ALTER TABLE t RENAME c TO d;",
      "ALTER TABLE t DROP COLUMN c;",
    ];
    for (const sql of later) {
      const texts = ["ALTER TABLE t ADD COLUMN c text;", sql].map((text) => textOf(text));
      const hits = analyze({ texts }, rules).texts[1]?.hits ?? [];
      // whose values they are does not shorten the rewrite
      expect(
        hits.filter(({ rule }) => rule !== "rewrite-column-type"),
        sql,
      ).toEqual([]);
    }
  });

  test.each([
    ["UPDATE t SET c = 'x' WHERE c IS NULL;", ["update t"]],
    [
      "UPDATE t SET c = 'x' WHERE c IS NULL; ALTER TABLE t ALTER c SET NOT NULL;",
      ["set-not-null t.c", "set-not-null-scan t.c"],
    ],
    [
      "UPDATE t SET c = 'x' WHERE c IS NULL; ALTER TABLE t ALTER c SET NOT NULL; ROLLBACK;",
      ["set-not-null-scan t.c", "nested-transaction ROLLBACK"],
    ],
    [
      "UPDATE t SET c = 'x' WHERE c IS NULL; SAVEPOINT s; ALTER TABLE t ALTER c SET NOT NULL; ROLLBACK TO s;",
      ["update t", "set-not-null-scan t.c"],
    ],
    [
      "ALTER TABLE t ALTER c SET NOT NULL; UPDATE t SET c = 'x' WHERE c IS NULL;",
      ["set-not-null t.c", "set-not-null-scan t.c", "backfill-under-lock t", "update t"],
    ],
    [
      "UPDATE t SET c = 'x', d = 1 WHERE c IS NULL; ALTER TABLE t ALTER c SET NOT NULL;",
      ["update t", "set-not-null t.c", "set-not-null-scan t.c"],
    ],
    [
      "UPDATE t SET c = 'x' WHERE c IS NULL OR d = 1; ALTER TABLE t ALTER c SET NOT NULL;",
      ["update t", "set-not-null t.c", "set-not-null-scan t.c"],
    ],
  ])("nulls are filled in silence only on the way to NOT NULL: %s", (sql, expected) => {
    expect(found(sql)).toEqual(expected);
  });
});

/** One connection holds the table and has found no row in it, or nothing of this happens. */
describe("a table is known to be empty only where nothing gets past the check", () => {
  const check = (query: string, what = "EXCEPTION 'rows'") => `IF EXISTS (${query}) THEN RAISE ${what}; END IF;`;
  const block = (body: string) => `DO $$ BEGIN ${body} END $$;`;
  const whole = check("SELECT 1 FROM t");
  const psql = { client: "psql", singleTransaction: false } as const;

  test.each<[string, string, Partial<SqlText>]>([
    ["locked, checked and dropped in one block", block(`LOCK TABLE t; ${whole} DROP TABLE t;`), psql],
    ["locked in the transaction around it", `LOCK TABLE t IN SHARE MODE; ${block(whole)} DROP TABLE t;`, {}],
    ["in a transaction of its own", `BEGIN; LOCK TABLE t; ${block(whole)} TRUNCATE t; DELETE FROM t; COMMIT;`, psql],
    ["under its other name", `SET search_path = s; ${block(`LOCK s.t; ${whole} DROP TABLE "t";`)}`, {}],
  ])("%s", (_, sql, over) => {
    expect(lost(sql, over)).toEqual([]);
  });

  test.each<[string, string, Partial<SqlText>]>([
    ["not locked", block(`${whole} DROP TABLE t;`), {}],
    ["locked outside a transaction", `LOCK TABLE t; ${block(whole)} DROP TABLE t;`, psql],
    ["locked so that others may write", block(`LOCK TABLE t IN ROW EXCLUSIVE MODE; ${whole} DROP TABLE t;`), {}],
    ["locked in a branch", block(`IF false THEN LOCK TABLE t; END IF; ${whole} DROP TABLE t;`), {}],
    ["without its children", block(`LOCK TABLE ONLY t; ${whole} DROP TABLE t;`), {}],
    ["let go by COMMIT", `BEGIN; LOCK TABLE t; ${block(whole)} COMMIT; DROP TABLE t;`, psql],
    [
      "let go by a savepoint",
      `BEGIN; SAVEPOINT a; LOCK TABLE t; ${block(whole)} ROLLBACK TO a; DROP TABLE t; COMMIT;`,
      psql,
    ],
    [
      "an error goes on",
      block(`LOCK TABLE t; ${whole} DROP TABLE t;`),
      { stopsOnError: false, singleTransaction: false },
    ],
    ["an error is caught", block(`LOCK TABLE t; ${whole} EXCEPTION WHEN others THEN DROP TABLE t;`), {}],
    ["only a notice", block(`LOCK TABLE t; ${check("SELECT 1 FROM t", "NOTICE 'rows'")} DROP TABLE t;`), {}],
    ["some rows", block(`LOCK TABLE t; ${check("SELECT 1 FROM t WHERE id > 5")} DROP TABLE t;`), {}],
    ["no rows", block(`LOCK TABLE t; ${check("SELECT 1 FROM t LIMIT 0")} DROP TABLE t;`), {}],
    ["rows of its own", block(`LOCK TABLE t; ${check("SELECT 1 FROM ONLY t")} DROP TABLE t;`), {}],
    ["rows that have a partner", block(`LOCK TABLE t; ${check("SELECT 1 FROM t, u")} DROP TABLE t;`), {}],
    ["the check in a branch", block(`LOCK TABLE t; IF false THEN ${whole} END IF; DROP TABLE t;`), {}],
    ["the check jumped over", `LOCK TABLE t; ${block(`RETURN; ${whole}`)} DROP TABLE t;`, {}],
    ["another table", block(`LOCK TABLE t; ${check("SELECT 1 FROM u")} DROP TABLE t;`), {}],
    ["dependents", block(`LOCK TABLE t; ${whole} DROP TABLE t CASCADE;`), {}],
    [
      "rows that a policy hides",
      `ALTER TABLE t FORCE ROW LEVEL SECURITY; ${block(`LOCK TABLE t; ${whole} DROP TABLE t;`)}`,
      {},
    ],
    [
      "a temporary view before it",
      `CREATE TEMP VIEW t AS SELECT 1 WHERE false; ${block(`LOCK TABLE s.t; ${whole} DROP TABLE s.t;`)}`,
      {},
    ],
    [
      "another one by then",
      block(`LOCK TABLE t; ${whole} ALTER TABLE t RENAME TO v; ALTER TABLE u RENAME TO t; DROP TABLE t;`),
      {},
    ],
  ])("not so: %s", (_, sql, over) => {
    expect(found(sql, over).join()).toMatch(/drop-table (?:s[.])?t/);
  });
});

describe("what a transaction undoes is not lost, where one connection is sure", () => {
  const psql = { client: "psql", singleTransaction: false } as const;

  test.each<[string, string, Partial<SqlText>, readonly string[]]>([
    ["ROLLBACK", "BEGIN; DROP TABLE t; DELETE FROM u; ROLLBACK;", psql, []],
    ["ROLLBACK of the tool's transaction", "DROP TABLE t; ROLLBACK; DROP TABLE u;", {}, ["drop-table u"]],
    ["a savepoint", "BEGIN; DROP TABLE a; SAVEPOINT s; DROP TABLE t; ROLLBACK TO s; COMMIT;", psql, ["drop-table a"]],
    [
      "savepoints in savepoints",
      "BEGIN; SAVEPOINT a; DROP TABLE t; SAVEPOINT b; DROP TABLE u; RELEASE b; ROLLBACK TO a; DROP TABLE v; RELEASE a; COMMIT;",
      psql,
      ["drop-table v"],
    ],
    ["AND CHAIN", "BEGIN; DROP TABLE t; COMMIT AND CHAIN; DROP TABLE u; ROLLBACK;", psql, ["drop-table t"]],
    ["nothing, after COMMIT", "BEGIN; DROP TABLE t; COMMIT; ROLLBACK;", psql, ["drop-table t"]],
    ["nothing, without a transaction", "DROP TABLE t; ROLLBACK;", psql, ["drop-table t"]],
    ["nothing that is prepared", "BEGIN; DROP TABLE t; PREPARE TRANSACTION 'x'; ROLLBACK;", psql, ["drop-table t"]],
    ["nothing on another connection", "BEGIN; DROP TABLE t;\n\\c other\nROLLBACK;", psql, ["drop-table t"]],
    [
      "nothing where COMMIT may come first",
      "BEGIN; DROP TABLE t;\n\\if :x\nCOMMIT;\n\\endif\nROLLBACK;",
      psql,
      ["drop-table t"],
    ],
    [
      "nothing beside what is not understood",
      "BEGIN; DROP TABLE t; SELECT 'COMMIT' \\gexec\nROLLBACK;",
      psql,
      ["drop-table t"],
    ],
    [
      "nothing where each statement may find a connection",
      "BEGIN; DROP TABLE t; ROLLBACK;",
      { singleTransaction: false },
      ["drop-table t"],
    ],
    ["nothing in a savepoint that is not there", "BEGIN; DROP TABLE t; ROLLBACK TO s; COMMIT;", psql, ["drop-table t"]],
    ["no position of a sequence", "BEGIN; SELECT setval('s', 1); ROLLBACK;", psql, ["rewind-sequence setval"]],
    ["but that of ALTER SEQUENCE", "BEGIN; ALTER SEQUENCE s RESTART; ROLLBACK;", psql, []],
    ["no program", "BEGIN; COPY t TO PROGRAM 'x'; ROLLBACK;", psql, ["copy-program COPY … PROGRAM"]],
    ["what was made: it is gone", "BEGIN; CREATE TABLE t (id int); ROLLBACK; DROP TABLE t;", psql, ["drop-table t"]],
    [
      "what was dropped: it is there",
      "CREATE TABLE t (id int); BEGIN; DROP TABLE t; ROLLBACK; DROP TABLE t;",
      psql,
      [],
    ],
    [
      "a rename",
      "CREATE TABLE t (id int); BEGIN; ALTER TABLE t RENAME TO u; ROLLBACK; DROP TABLE u;",
      psql,
      ["drop-table u"],
    ],
  ])("%s", (_, sql, over, expected) => {
    expect(lost(sql, over)).toEqual(expected);
  });

  test("a function that is gone again does not stand for the one that is called", () => {
    const sql = "BEGIN; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ROLLBACK; SELECT f();";
    expect(analyze({ texts: [textOf(sql, psql)] }, rules).texts[0]?.opaque).toHaveLength(1);
  });

  test("dblink's own connection is not undone", () => {
    const [text] = analyze(
      { texts: [textOf("BEGIN; SELECT dblink_exec('c', 'DROP TABLE t'); ROLLBACK;", psql)] },
      rules,
    ).texts;
    expect(text?.opaque).toHaveLength(1);
  });
});

describe("what goes with a row or a column is named where the run has shown it", () => {
  const history =
    "CREATE TABLE p (id int PRIMARY KEY, x int); CREATE INDEX p_x ON p (x); ALTER TABLE p ADD CONSTRAINT p_big CHECK (x > 1);" +
    "CREATE TABLE c (p_id int REFERENCES p ON DELETE CASCADE, id int PRIMARY KEY);" +
    "CREATE TABLE g (c_id int CONSTRAINT g_c REFERENCES c ON DELETE SET NULL); CREATE TABLE r (p_id int REFERENCES p);" +
    "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE m (feeling mood, all_of mood[]);";
  const hitsAfter = (sql: string) => analyze({ texts: [textOf(history), textOf(sql)] }, rules).texts[1]?.hits ?? [];
  const said = (sql: string) => hitsAfter(sql).map(({ rule, hazard, subject }) => `${rule} ${hazard} ${subject}`);

  test.each([
    ["DELETE FROM p WHERE id = 1;", ["delete data-change p", "delete data-loss c", "delete data-change g.c_id"]],
    [
      "DELETE FROM p;",
      [
        "delete-without-where data-loss p",
        "delete-without-where data-loss c",
        "delete-without-where data-change g.c_id",
      ],
    ],
    [
      "TRUNCATE p CASCADE;",
      ["truncate data-loss p", "truncate data-loss c", "truncate data-loss r", "truncate data-loss g"],
    ],
    ["DELETE FROM g WHERE c_id = 1;", ["delete data-change g"]],
    [
      "ALTER TABLE c DROP CONSTRAINT c_p_id_fkey; DELETE FROM p WHERE id = 1;",
      ["drop-constraint integrity c.c_p_id_fkey", "delete data-change p"],
    ],
    ["DROP TABLE c; DELETE FROM p WHERE id = 1;", ["drop-table data-loss c", "delete data-change p"]],
  ])("%s", (sql, expected) => {
    expect(said(sql)).toEqual(expected);
  });

  test("by a column: its indexes, constraints and the foreign keys that refer to it", () => {
    expect(hitsAfter("ALTER TABLE p DROP COLUMN x;").map(({ why }) => why)).toEqual([
      "deletes the column and its data, and with it p_x, p_big; only a restore brings it back",
    ]);
  });

  test("by a type: its columns", () => {
    expect(hitsAfter("DROP TYPE mood CASCADE;").map(({ why }) => why)).toEqual([
      "deletes m.feeling, m.all_of with all other columns of this type; only a restore brings them back",
    ]);
  });
});

describe("subjects are real names", () => {
  test.each([
    ['DROP TABLE "We""ird"."A B";', ['drop-table We"ird.A B']],
    ["DROP TABLE Shop.Users;", ["drop-table shop.users"]],
    ['DROP TABLE U&"d\\0061t";', ["drop-table dat"]],
    ['ALTER TABLE s."T" DROP COLUMN "x y";', ["drop-column s.T.x y"]],
    ["DROP TRIGGER a ON s.t;", ["drop-trigger s.t.a"]],
    ["DROP OWNED BY CURRENT_USER;", ["drop-owned CURRENT_USER"]],
    ["DROP OPERATOR CLASS s.c USING btree CASCADE;", ["drop-cascade s.c"]],
    ["ALTER TABLE a DETACH PARTITION s.p;", ["detach-partition s.p", "detach-partition-blocking a"]],
    ["REVOKE ALL ON ALL TABLES IN SCHEMA s FROM r;", ["revoke s.*"]],
  ])("%s", (sql, expected) => {
    expect(found(sql)).toEqual(expected);
  });
});

describe("an index is known to guard nothing only while its name means that index", () => {
  const hazardOfLast = (sql: string) => hitsOf(sql).findLast(({ rule }) => rule === "drop-index")?.hazard;

  test.each([
    ["CREATE INDEX i ON t (a); DROP INDEX CONCURRENTLY i;", undefined],
    ["CREATE INDEX IF NOT EXISTS i ON t (a); DROP INDEX i;", "integrity"],
    ["DO $$ BEGIN CREATE INDEX i ON t (a); END $$; DROP INDEX i;", "integrity"],
    ["CREATE INDEX i ON s.t (a); DROP INDEX i;", "integrity"],
    ["CREATE INDEX i ON t (a); DROP INDEX i; DROP INDEX i;", "integrity"],
    ["CREATE INDEX i ON t (a); ALTER INDEX i RENAME TO j; ALTER INDEX u RENAME TO i; DROP INDEX i;", "integrity"],
    ["SET search_path = x; CREATE INDEX i ON t (a); SET search_path = public; DROP INDEX i;", "integrity"],
    ["CREATE INDEX i ON t (a); SELECT set_config('search_path', 'x', false); DROP INDEX i;", "integrity"],
    ["BEGIN; CREATE INDEX i ON t (a); ROLLBACK; DROP INDEX i;", "integrity"],
  ])("%s", (sql, hazard) => {
    expect(hazardOfLast(sql)).toBe(hazard);
  });

  test.each([
    ["CREATE INDEX i ON t (a);", "note"],
    ["CREATE UNIQUE INDEX i ON t (a);", "integrity"],
  ])("made by an earlier file: %s", (sql, hazard) => {
    const texts = [sql, "DROP INDEX CONCURRENTLY i;"].map((text) => textOf(text, { singleTransaction: false }));
    expect(analyze({ texts }, rules).texts[1]?.hits.map((hit) => hit.hazard)).toEqual([hazard]);
  });
});

describe("a CHECK spares SET NOT NULL its scan once it is valid", () => {
  const scans = (sql: string) => found(`${sql} ALTER TABLE t ALTER c SET NOT NULL;`).includes("set-not-null-scan t.c");

  test.each([
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (c IS NOT NULL);", false],
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (c IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k;", false],
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (c IS NOT NULL) NOT VALID;", true],
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0);", true],
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (d IS NOT NULL);", true],
  ])("%s", (sql, expected) => {
    expect(scans(sql)).toBe(expected);
  });
});

describe("a lock is held only until its transaction ends", () => {
  test.each<[string, Partial<SqlText>, boolean]>([
    ["ALTER TABLE t ADD c int; UPDATE t SET c = 1;", {}, true],
    ["ALTER TABLE t ADD c int; UPDATE t SET c = 1;", { singleTransaction: false }, false],
    ["BEGIN; ALTER TABLE t ADD c int; UPDATE t SET c = 1; COMMIT;", { singleTransaction: false }, true],
    ["BEGIN; ALTER TABLE t ADD c int; COMMIT; UPDATE t SET c = 1;", { singleTransaction: false }, false],
    ["ALTER TABLE t ADD c int; UPDATE u SET c = 1;", {}, false],
    ["ALTER TABLE t ALTER c SET STATISTICS 9; UPDATE t SET c = 1;", {}, false],
  ])("%s %o", (sql, over, expected) => {
    expect(found(sql, over).includes("backfill-under-lock t")).toBe(expected);
  });
});

test("one statement by its tool's own means is not inside a transaction", () => {
  const sql = "CREATE INDEX CONCURRENTLY i ON t (a);";
  expect(found(sql)).toEqual(["not-in-transaction CREATE INDEX CONCURRENTLY"]);
  expect(found(sql, { singleTransaction: false })).toEqual([]);
});

test("names in the safe way are quoted, and unknown ones say so", () => {
  const [plain] = hitsOf('DROP TABLE "Order", "a""b";').map(({ instead }) => instead);
  expect(plain).toBe('ALTER TABLE "Order" RENAME TO "Order_old" now, drop it one release later');
  const [unknown] = hitsOf(
    "DO $$ DECLARE t text := current_setting('x.y'); BEGIN EXECUTE format('DROP TABLE %I', t); END $$;",
  );
  expect(unknown?.instead).toBe("ALTER TABLE <unknown> RENAME TO <unknown>_old now, drop it one release later");
});

import { describe, expect, test } from "vitest";
import type { SqlText } from "../../src/model/sql.ts";
import { rules } from "../../src/rules/index.ts";
import { analyze } from "../../src/sql/analyze.ts";
import { hitsOf, textOf } from "./analysis.ts";

const found = (sql: string, over: Partial<SqlText> = {}) =>
  hitsOf(sql, over).map(({ rule, subject }) => `${rule} ${subject}`);
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
    ["CREATE INDEX i ON t (a); DROP INDEX CONCURRENTLY i;", "note"],
    ["CREATE UNIQUE INDEX i ON t (a); DROP INDEX i;", "integrity"],
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

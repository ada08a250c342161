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
      expect(analyze({ texts }, rules).texts[1]?.hits, sql).toEqual([]);
    }
  });

  test.each([
    ["UPDATE t SET c = 'x' WHERE c IS NULL;", ["update t"]],
    ["UPDATE t SET c = 'x' WHERE c IS NULL; ALTER TABLE t ALTER c SET NOT NULL;", ["set-not-null t.c"]],
    ["UPDATE t SET c = 'x' WHERE c IS NULL; ALTER TABLE t ALTER c SET NOT NULL; ROLLBACK;", []],
    [
      "UPDATE t SET c = 'x' WHERE c IS NULL; SAVEPOINT s; ALTER TABLE t ALTER c SET NOT NULL; ROLLBACK TO s;",
      ["update t"],
    ],
    ["ALTER TABLE t ALTER c SET NOT NULL; UPDATE t SET c = 'x' WHERE c IS NULL;", ["set-not-null t.c", "update t"]],
    [
      "UPDATE t SET c = 'x', d = 1 WHERE c IS NULL; ALTER TABLE t ALTER c SET NOT NULL;",
      ["update t", "set-not-null t.c"],
    ],
    [
      "UPDATE t SET c = 'x' WHERE c IS NULL OR d = 1; ALTER TABLE t ALTER c SET NOT NULL;",
      ["update t", "set-not-null t.c"],
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
    ["ALTER TABLE a DETACH PARTITION s.p;", ["detach-partition s.p"]],
    ["REVOKE ALL ON ALL TABLES IN SCHEMA s FROM r;", ["revoke s.*"]],
  ])("%s", (sql, expected) => {
    expect(found(sql)).toEqual(expected);
  });
});

import { describe, expect, it } from "vitest";
import type { AnalyzedText } from "../../src/model/sql.ts";
import { rules } from "../../src/rules/index.ts";
import { analyze } from "../../src/sql/analyze.ts";
import { sqlText } from "./texts.ts";

function readMysql(text: string, markers: readonly string[] = []): AnalyzedText {
  const [analyzed] = analyze({ texts: [sqlText(text, { dialect: "mysql", markers })] }, rules).texts;
  if (analyzed === undefined) throw new Error("no answer");
  return analyzed;
}

describe("MySQL", () => {
  it.each([
    ["DROP TABLE IF EXISTS a.b, c", ["drop-table a.b", "drop-table c"]],
    ["DROP DATABASE d", ["drop-database d"]],
    ["ALTER TABLE t DROP COLUMN c, ADD COLUMN d int", ["drop-column t.c"]],
    ["ALTER TABLE t DROP PARTITION p0", ["truncate t (partition)"]],
    ["TRUNCATE TABLE t", ["truncate t"]],
    ["DELETE FROM t", ["delete-without-where t"]],
    ["DELETE FROM t WHERE 1 = 1 OR id = 3", ["delete-without-where t"]],
    ["DELETE FROM t WHERE id = 3", ["delete t"]],
    ["UPDATE t SET a = 1", ["update-without-where t"]],
    ["UPDATE t SET a = 1 WHERE id = 2", ["update t"]],
    ["DROP INDEX i ON t", ["drop-index i"]],
    ["DROP VIEW v", ["drop-view v"]],
    ["RENAME TABLE a TO b, c TO d", ["rename-table a", "rename-table c"]],
    ["ALTER TABLE t RENAME COLUMN a TO b", ["rename-column t.a"]],
    ["SELECT 1; # DROP TABLE x\nDROP TABLE y; -- z", ["drop-table y"]],
    ["INSERT INTO t VALUES ('it\\'s; DROP TABLE x', \"y\")", []],
    ["CREATE TABLE x (id int); CREATE INDEX i ON x (id); ALTER TABLE x ADD COLUMN d int", []],
    ["SET NAMES utf8mb4; START TRANSACTION; SELECT 1; COMMIT", []],
  ])("%s", (text, expected) => {
    const { hits, opaque, errors } = readMysql(text);
    expect([hits.map((hit) => `${hit.rule} ${hit.subject}`), opaque, errors]).toEqual([expected, [], []]);
  });

  it.each([
    "/*!40000 DROP TABLE t */",
    "/*M!100100 DROP TABLE t */",
    "SELECT 1 /*! ; DROP TABLE t */",
    "DELIMITER //\nDROP TABLE x//",
    "SELECT 1;\n\\! rm",
    "source other.sql",
    "DROP PROCEDURE p",
    "DROP TABLE t CASCADE",
    "CALL p()",
    "SET NAMES gbk",
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
    "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW DELETE FROM u",
    "ALTER TABLE t MODIFY a tinyint",
    "USE other",
    "SELECT 'unterminated",
    "GRANT ALL ON *.* TO x",
    "PREPARE s FROM 'DROP TABLE t'",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
  ])("held back: %s", (text) => {
    const { opaque, errors } = readMysql(text);
    expect(opaque.length + errors.length).toBeGreaterThan(0);
  });

  it("unknown values are harmless only in a string", () => {
    expect(readMysql("INSERT INTO t VALUES ('__v__', \"__v__\")", ["__v__"]).opaque).toEqual([]);
    expect(readMysql("DELETE FROM __v__ WHERE id = 1", ["__v__"]).opaque).toHaveLength(1);
  });

  it("places and masked texts", () => {
    const { hits, statements } = readMysql("SELECT 1;\n  DELETE FROM t WHERE a = 'secret'");
    expect(hits.map(({ line, column, display }) => [line, column, display])).toEqual([
      [2, 3, "DELETE FROM t WHERE a = '…'"],
    ]);
    expect(statements).toHaveLength(2);
  });
});

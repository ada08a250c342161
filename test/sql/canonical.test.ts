import { describe, expect, it } from "vitest";
import type { SqlText } from "../../src/model/sql.ts";
import { read } from "./texts.ts";

const canonical = (text: string, more: Partial<SqlText> = {}) => read(text, more).canonical;
const psql = { client: "psql" } as const;
const body = (inside: string, tag = "$$") =>
  `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS ${tag}${inside}${tag}`;

describe("canonical form v1", () => {
  it("is what it was when the first approvals were given", () => {
    expect(canonical("ALTER TABLE users DROP COLUMN phone;")).toBe(
      "06093e4736613e3c1ae78aff46e70ff68c08d6a5567f5ae16291f9388bbfe048",
    );
  });

  it.each([
    ["white space and comments", "DROP TABLE a;", "drop  /* x */ TABLE\n-- y\n A ;"],
    ["a byte order mark", "DROP TABLE a;", "\ufeffDROP TABLE a;"],
    ["white space and comments in a body", body("BEGIN RETURN 1; END"), body("\nBEGIN\n  RETURN 1; -- one\nEND\n")],
    ["the tag of a body", body("BEGIN RETURN 1; END"), body("BEGIN RETURN 1; END", "$body$")],
    ["white space in a DO block", "DO $$BEGIN NULL; END$$", "DO $$ BEGIN NULL; END $$"],
    ["the prefix's letter", "SELECT e'x'", "SELECT E'x'"],
  ])("does not change with %s", (_name, one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });

  it.each([
    ["a literal", "DELETE FROM a WHERE b = 'x'", "DELETE FROM a WHERE b = 'X'"],
    ["white space in a literal", "SELECT 'a b'", "SELECT 'a  b'"],
    ["a number", "DELETE FROM a WHERE b = 1", "DELETE FROM a WHERE b = 2"],
    ["quotes around a name", "DROP TABLE a", 'DROP TABLE "a"'],
    ["large letters in a quoted name", 'DROP TABLE "a"', 'DROP TABLE "A"'],
    ["large letters beyond ASCII", "DROP TABLE é", "DROP TABLE É"],
    ["where a name ends", "SELECT a b", "SELECT ab"],
    ["where an operator ends", "SELECT a @ -b", "SELECT a @- b"],
    ["the order of statements", "DROP TABLE a; DROP TABLE b;", "DROP TABLE b; DROP TABLE a;"],
    ["a literal in a body", body("BEGIN RETURN '1'; END"), body("BEGIN RETURN '2'; END")],
    ["white space in another language's body", "DO LANGUAGE plpython3u $$a\n b$$", "DO LANGUAGE plpython3u $$a\nb$$"],
    ["white space in a dollar-quoted value", "SELECT $$a b$$", "SELECT $$a  b$$"],
    ["what cannot be scanned", "SELECT 'a", "SELECT 'b"],
    ["the dialect", "DROP TABLE a", "drop table A"],
  ])("changes with %s", (name, one, other) => {
    const more: Partial<SqlText> = name === "the dialect" ? { dialect: "mysql" } : {};
    expect(canonical(one)).not.toBe(canonical(other, more));
  });

  it.each([
    ["ON_ERROR_STOP", "DROP TABLE a;", "\\set ON_ERROR_STOP on\nDROP TABLE a;"],
    ["a connection", "DROP TABLE a;", "\\c other\nDROP TABLE a;"],
    ["\\gexec", "SELECT 'x';", "SELECT 'x' \\gexec"],
    ["a variable's value", "\\set x a\nDROP TABLE :x;", "\\set x b\nDROP TABLE :x;"],
    ["a branch", "DROP TABLE a;", "\\if true\nDROP TABLE a;\n\\endif"],
    ["data of COPY", "COPY t FROM stdin;\n1\n\\.\n", "COPY t FROM stdin;\n2\n\\.\n"],
  ])("of a psql script changes with %s", (_name, one, other) => {
    expect(canonical(one, psql)).not.toBe(canonical(other, psql));
  });

  it.each([
    ["output commands", "DROP TABLE a;", "\\timing on\n\\echo hi\n\\pset pager off\nDROP TABLE a;"],
    ["a variable or its value", "DROP TABLE a;", "\\set x a\nDROP TABLE :x;"],
    ["a file included or written out", "DROP TABLE a;", "\\i f.sql\n"],
  ])("of a psql script does not change with %s", (_name, one, other) => {
    const includes = { "f.sql": "DROP TABLE a;" };
    expect(canonical(one, { ...psql, includes })).toBe(canonical(other, { ...psql, includes }));
  });
});

import { describe, expect, it } from "vitest";
import { isHeldBack, read, seen } from "./texts.ts";

const psql = { client: "psql" } as const;

describe("texts that a server or psql reads otherwise than the parser are held back", () => {
  it.each([
    [
      "SET of standard_conforming_strings",
      "SET standard_conforming_strings = off; SELECT 'a\\'; -- '; DROP TABLE victim; -- ';",
    ],
    ["SET LOCAL of it", "SET LOCAL standard_conforming_strings TO 'off'"],
    ["set_config of it", "SELECT set_config('standard_conforming_strings','off',false)"],
    ["set_config of a name in capitals", "SELECT pg_catalog.set_config('Standard_Conforming_Strings','off',false)"],
    ["set_config of a name put together", "SELECT set_config('standard_' || 'conforming_strings','off',false)"],
    ["set_config inside a body", "DO $$ BEGIN PERFORM set_config('client_encoding', 'GBK', false); END $$"],
    ["UPDATE of pg_settings", "UPDATE pg_settings SET setting = 'off' WHERE name = 'standard_conforming_strings'"],
    ["ALTER ROLE SET of it", "ALTER ROLE r SET standard_conforming_strings = off"],
    ["ALTER DATABASE SET of it", "ALTER DATABASE d SET backslash_quote = on"],
    ["ALTER SYSTEM SET of it", "ALTER SYSTEM SET standard_conforming_strings = off"],
    [
      "a function with it",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET standard_conforming_strings = off AS 'SELECT 1'",
    ],
    ["client_encoding GBK", "SET client_encoding = 'GBK'; SELECT E'中\\'; DROP TABLE victim; --';"],
    ["SET NAMES", "SET NAMES 'BIG5'"],
    ["backslash_quote", "SET backslash_quote = on"],
    ["a role default alone: a literal that ends in a backslash", "SELECT 'a\\'; -- '; DROP TABLE victim; -- ';"],
    ["a backslash before a doubled quote", "SELECT 'a\\''; DROP TABLE victim; -- '"],
    ["NUL", "SELECT 1;\0\nDROP TABLE victim"],
    ["what lenient decoding leaves", "SELECT 1; -- \ufffd\nDROP TABLE victim"],
    ["a lone surrogate", "DROP TABLE \ud800"],
    ["a psql command in a plain text", "SELECT 1;\n\\! rm"],
  ])("%s", (_name, text) => {
    expect(isHeldBack(text)).toBe(true);
  });

  it.each([
    ["\\gexec", "SELECT 'DROP TABLE victim' \\gexec"],
    ["a variable set by a program", "\\set x `cmd`\n:x;"],
    ["a program", "\\! rm"],
    ["\\copy program", "\\copy t from program 'cmd'"],
    ["\\o pipe", "\\o |cmd"],
    ["\\o pipe after white space", "\\o   |cmd"],
    ["\\g pipe", "SELECT 1 \\g |cmd"],
    ["\\w pipe", "SELECT 1 \\w |cmd"],
    ["backquotes in a harmless command", "\\echo `cmd`"],
    ["backquotes in \\if", "\\if `cmd`\nSELECT 1;\n\\endif"],
    ["a file not in sight", "\\i file.sql"],
    ["a file with a name from a variable", "\\i :file"],
    ["\\connect", "\\c other"],
    ["\\encoding", "\\encoding GBK"],
    ["an unknown command", "\\newcommand"],
    ["a bare variable", "DROP TABLE :x;"],
    ["a variable from a result", "SELECT 'DROP TABLE t' AS x \\gset\n:x;"],
    ["a known variable taken over by \\gset", "\\set x 1\nSELECT 'DROP TABLE t' AS x \\gset\n:x;"],
    ["a variable set in a branch", "\\set x 1\n\\if :y\n\\set x 'DROP TABLE t'\n\\endif\nSELECT :x;"],
    ["\\if in the middle of a statement", "SELECT 1\n\\if false\n AS x\n\\endif\n;"],
    ["SINGLELINE", "\\set SINGLELINE on\nSELECT 1"],
    ["a variable with half a quote in it", "\\set x '\\''\nSELECT :x;"],
    ["a variable with a command in it", "\\set x '\\\\! cmd'\nSELECT 1 :x;"],
    ["a file that includes itself", "\\i a"],
  ])("psql: %s", (_name, text) => {
    expect(isHeldBack(text, { ...psql, includes: { a: "\\i a\n\\i a\nSELECT 1;" } })).toBe(true);
  });

  it.each([
    ["a variable that holds SQL", "\\set x 'DROP TABLE victim'\n:x;"],
    ["\\;", "SELECT 1\\; DROP TABLE victim;"],
    ["a false branch", "\\if false\nDROP TABLE victim;\n\\endif"],
    ["what follows \\q", "\\q\nDROP TABLE victim;"],
    ["a reset buffer", "DROP TABLE victim \\r"],
    ["SQL after a separator", "\\timing \\\\ DROP TABLE victim;"],
    ["a name from a variable", '\\set t victim\nDROP TABLE :"t";'],
    ["an included file", "\\i down.sql"],
  ])("psql: %s is judged", (_name, text) => {
    expect(seen(text, { ...psql, includes: { "down.sql": "DROP TABLE victim;" } })).toEqual(["drop victim text"]);
  });

  it("data of COPY is no SQL where errors stop the script, and may be where they do not", () => {
    const text = "COPY t FROM stdin;\n1\t; DROP TABLE victim;\n\\.\nSELECT 1;";
    expect(read(text, psql)).toMatchObject({ hits: [], opaque: [], errors: [] });
    expect(isHeldBack(text, { ...psql, stopsOnError: false })).toBe(true);
  });

  it.each([
    ["pg_dump's own settings", "SET standard_conforming_strings = on; SET client_encoding = 'UTF8';"],
    ["set_config of something else", "SELECT pg_catalog.set_config('search_path', '', false)"],
    ["backslashes that end nothing", "SELECT 'C:\\path', 'a\\\\', E'it\\'s'"],
    ["a byte order mark", "\ufeffSELECT 1"],
  ])("%s pass", (_name, text) => {
    expect(read(text)).toMatchObject({ opaque: [], errors: [] });
  });
});

describe("limits", () => {
  it.each([
    ["1 MiB", `SELECT '${"x".repeat(1024 * 1024)}'`],
    ["parentheses", `SELECT ${"(".repeat(501)}1${")".repeat(501)}`],
    ["brackets", `SELECT ${"[".repeat(501)}`],
    ["nested comments", `${"/* ".repeat(33)}${"*/".repeat(33)} SELECT 1`],
    ["nested comments without spaces", "/*".repeat(100_000)],
    ["comments side by side without spaces", "/**/".repeat(100_000)],
    ["a run of operators", `SELECT 1 ${"+".repeat(100_000)} 1`],
    ["a run of operators in a body", `DO $$ BEGIN PERFORM 1 ${"+".repeat(64)} 1; END $$`],
  ])("%s", (_name, text) => {
    const started = performance.now();
    expect(isHeldBack(text)).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("what real files hold is far inside them", () => {
    const text = `/${"*".repeat(200)}/ SELECT ${"(".repeat(400)}1${")".repeat(400)}; ${"-".repeat(200)}\n`;
    expect(read(text).errors).toEqual([]);
  });

  it("8 MiB a request, included files counted", () => {
    const include = "-".repeat(1024 * 1024);
    const includes = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [String(i), include]));
    expect(read("SELECT 1", { includes }).errors).toHaveLength(1);
  });
});

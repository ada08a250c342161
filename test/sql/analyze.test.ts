import { describe, expect, it } from "vitest";
import { analyze } from "../../src/sql/analyze.ts";
import { read, seen, spy, sqlText } from "./texts.ts";

describe("places", () => {
  it("count characters, not bytes, from the origin's line", () => {
    const text = "-- žluťoučký kůň 🐎\nSELECT 'žluťoučký 🐎'; DROP TABLE a;\n  DROP TABLE b;";
    const { hits } = read(text, { origin: { object: "o", key: "k", line: 10 } });
    expect(hits.map(({ subject, line, column }) => [subject, line, column])).toEqual([
      ["drop a text", 11, 24],
      ["drop b text", 12, 3],
    ]);
  });

  it("of an error counts characters as well", () => {
    expect(read("SELECT '🐎🐎';\nSELEC 1").errors).toEqual([{ line: 2, message: "syntax error" }]);
  });

  it("of statements in bodies are lines of the file", () => {
    const body = "DO $$\nBEGIN\n  IF true THEN\n    DROP TABLE a;\n  END IF;\nEND $$;";
    expect(read(`SELECT 1;\n\n${body}`).hits.map((hit) => hit.line)).toEqual([6]);
    const sql = "CREATE FUNCTION f() RETURNS void\nLANGUAGE sql AS $$\n  SELECT 1;\n  DELETE FROM a;\n$$;\nSELECT f();";
    expect(read(sql).hits.map((hit) => hit.line)).toEqual([4]);
  });
});

describe("statements for people", () => {
  it("hold no literals, no comments, one line, 200 characters", () => {
    const text = "UPDATE t /* secret */ SET a = 'pw',\n b = E'x', c = 42, d = $$z$$, e = B'1' WHERE \"Id\" = 7 -- x";
    expect(read(text).statements[0]?.display).toBe(
      "UPDATE t SET a = '…', b = '…', c = ?, d = '…', e = '…' WHERE \"Id\" = ?",
    );
    expect(read(`SELECT ${"abc, ".repeat(100)}x`).statements[0]?.display).toHaveLength(200);
  });

  it("errors quote no literals either", () => {
    const { errors } = read("SELECT 1 'secret' 'x'");
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain("secret");
  });
});

describe("statements inside statements are seen one by one", () => {
  it.each([
    [
      "writable CTEs",
      "WITH d AS (DELETE FROM a RETURNING *), u AS (UPDATE b SET x = 1) SELECT * FROM d",
      ["delete a text", "update b text"],
    ],
    [
      "a CTE before an INSERT",
      "WITH d AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM d",
      ["insert b text", "delete a text"],
    ],
    ["EXPLAIN ANALYZE", "EXPLAIN (ANALYZE, COSTS off) DELETE FROM a", ["delete a text"]],
    ["PREPARE", "PREPARE p AS DELETE FROM a", ["delete a text"]],
    ["COPY (query)", "COPY (DELETE FROM a RETURNING *) TO STDOUT", ["delete a text"]],
    [
      "CREATE RULE",
      "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; UPDATE b SET x = 1)",
      ["delete a text", "update b text"],
    ],
    ["CREATE TABLE AS", "CREATE TABLE t AS WITH d AS (DELETE FROM a RETURNING *) SELECT * FROM d", ["delete a text"]],
    ["MERGE", "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE", ["merge a text"]],
  ])("%s", (_name, text, expected) => {
    expect([...seen(text)].sort()).toEqual([...expected].sort());
  });

  it("plain EXPLAIN runs nothing", () => {
    expect(seen("EXPLAIN DELETE FROM a; EXPLAIN (ANALYZE off) DELETE FROM a")).toEqual([]);
  });

  it("a chain of 3,000 operators overflows nothing", () => {
    expect(read(`SELECT ${"1+".repeat(3000)}1; DROP TABLE a`).hits).toHaveLength(1);
  });
});

describe("functions", () => {
  const define = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM a; RETURN NULL; END $$;";

  it("run nothing when they are defined", () => {
    expect(read(`${define} SELECT now();`)).toMatchObject({ hits: [], opaque: [] });
  });

  it.each([
    ["SELECT", "SELECT s.f();"],
    ["CALL", "CALL f();"],
    ["PERFORM in a DO block", "DO $$ BEGIN PERFORM f(); END $$;"],
    ["a trigger", "CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW EXECUTE FUNCTION f();"],
    ["an event trigger", "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION f();"],
    ["a default", "CREATE TABLE x (a int DEFAULT f());"],
    ["another function that is called", "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT f()'; SELECT g();"],
    ["dynamic SQL", "DO $$ BEGIN EXECUTE 'SELECT f()'; END $$;"],
    ["an operator", "CREATE OPERATOR === (PROCEDURE = f, LEFTARG = int, RIGHTARG = int);"],
  ])("called by %s count in the text that defines them", (_name, call) => {
    const { texts } = analyze({ texts: [sqlText(define), sqlText(call)] }, [spy]);
    expect(texts[0]?.hits.map((hit) => hit.subject)).toEqual(["delete a function"]);
  });

  it("BEGIN ATOMIC bodies are read from the tree", () => {
    expect(seen("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC DELETE FROM a; SELECT 1; END; SELECT f();")).toEqual([
      "delete a function",
    ]);
  });

  it.each([
    ["another language, called", "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'x'; SELECT f();", 1],
    ["another language, not called", "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'x';", 0],
    ["a library", "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib', 'f';", 1],
    ["a DO block in another language", "DO LANGUAGE plpython3u 'x'", 1],
    ["a body that does not parse", "DO $$ BEGIN SELEC 1; END $$", 1],
    ["dblink_exec", "SELECT dblink_exec('c', 'DROP TABLE a')", 1],
    ["pg_cron", "SELECT cron.schedule('x', '* * * * *', 'DROP TABLE a')", 1],
    ["query_to_xml", "SELECT query_to_xml('DELETE FROM a', true, true, '')", 1],
    ["COPY PROGRAM", "COPY t FROM PROGRAM 'cmd'", 1],
    [
      "a function of its own called schedule",
      "CREATE FUNCTION app.schedule(x text) RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT app.schedule('x')",
      0,
    ],
    ["a procedure that is defined elsewhere", "CALL app.clean_up()", 1],
    ["a function that is defined elsewhere", "SELECT clean_up()", 1],
    ["the same as a table", "SELECT * FROM app.clean_up(1)", 1],
    ["the same for every row", "SELECT clean_up(id) FROM a WHERE id > 5", 1],
    ["the same in a body", "DO $$ BEGIN PERFORM clean_up(); END $$", 1],
    [
      "the same, defined later",
      "SELECT clean_up(); CREATE FUNCTION clean_up() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      0,
    ],
    [
      "PostgreSQL's own functions",
      "SELECT upper(a), pg_sleep(1), pg_catalog.set_config('x.y', 'a', false) FROM generate_series(1, 2)",
      0,
    ],
    ["a name of theirs in another schema", "SELECT app.upper(a) FROM a", 1],
    ["an extension's in its schema", "SELECT extensions.uuid_generate_v4(), public.st_area(g) FROM a", 0],
    [
      "a default, a view and an index that name it",
      "CREATE VIEW v AS SELECT clean_up(); CREATE INDEX ON a (f(b)); CREATE MATERIALIZED VIEW m AS SELECT clean_up()",
      0,
    ],
    ["a call for each row that is inserted", "INSERT INTO a SELECT clean_up(id) FROM b", 1],
    ["a call in VALUES", "INSERT INTO a VALUES (clean_up(1))", 1],
    ["a call in CREATE TABLE AS", "CREATE TABLE a AS SELECT clean_up()", 1],
    ["a call in UPDATE", "UPDATE a SET b = clean_up() WHERE id = 1", 1],
    [
      "calls of what is defined in another statement",
      "INSERT INTO a SELECT slug(b) FROM c; CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT lower(t)'",
      0,
    ],
    ["a write to pg_cron's own table", "INSERT INTO cron.job (command) VALUES ('x')", 1],
    ["COPY to a file of the server", "COPY a TO '/data/x'", 1],
    ["COPY to the client", "COPY a TO STDOUT", 0],
    ["a large object written over", "SELECT lo_put(1, 0, '')", 1],
    ["changes of a slot used up", "SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL)", 1],
    ["a prepared statement from elsewhere", "EXECUTE p", 1],
    ["a prepared statement of the text", "PREPARE p AS SELECT 1; EXECUTE p", 0],
  ])("opaque or not: %s", (_name, text, count) => {
    expect(read(text).opaque).toHaveLength(count);
  });
});

describe("one bad statement hides no other", () => {
  it("the text is unreadable and the rest is still judged", () => {
    const { errors, hits } = read(
      "SELEC 1; DROP TABLE a; CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; END; DROP TABLE b",
    );
    expect(errors).toHaveLength(1);
    expect(hits.map((hit) => hit.subject)).toEqual(["drop a text", "drop b text"]);
  });
});

describe("settings", () => {
  it("in force from earlier texts are said, the text's own are not", () => {
    const first =
      "SET ROLE app; SET search_path = a, b; SET statement_timeout = 0; SELECT set_config('row_security', 'off', false)";
    const { texts } = analyze(
      { texts: [sqlText(first), sqlText("RESET ROLE"), sqlText("RESET ALL"), sqlText("SELECT 1")] },
      [],
    );
    expect(texts.map((text) => text.settings)).toEqual([
      [],
      ['role = "app"', 'row_security = "off"', 'search_path = "a", "b"'],
      ['row_security = "off"', 'search_path = "a", "b"'],
      [],
    ]);
  });
});

describe("schema changes", () => {
  it.each([
    ["CREATE INDEX", "CREATE INDEX ON t (a)", true],
    ["SELECT INTO", "SELECT 1 INTO t", true],
    ["DDL in a DO block", "DO $$ BEGIN CREATE TABLE t (); END $$", true],
    ["rows only", "INSERT INTO t VALUES (1); UPDATE t SET a = 1; TRUNCATE t", false],
    ["what cannot be read", "SELEC", true],
  ])("%s", (_name, text, expected) => {
    expect(read(text).changesSchema).toBe(expected);
  });
});

describe("markers", () => {
  const markers = ["__value_1__"];
  it.each([
    ["inside one string", "INSERT INTO t VALUES ('pre __value_1__ post')", 0],
    ["inside a string of a body", "DO $$ BEGIN PERFORM lower('__value_1__'); END $$", 0],
    ["as a name", "DROP TABLE __value_1__", 1],
    ["in a quoted name", 'SELECT * FROM "__value_1__"', 1],
    ["in a comment", "SELECT 1 -- __value_1__", 1],
    ["in the code of a body", "DO $$ BEGIN PERFORM __value_1__; END $$", 1],
    ["in dynamic SQL", "DO $$ BEGIN EXECUTE 'DROP TABLE __value_1__'; END $$", 1],
  ])("%s", (_name, text, count) => {
    expect(read(text, { markers }).opaque).toHaveLength(count);
  });

  it("are shown as unknown names", () => {
    const { hits } = read("DROP TABLE __VALUE_1__", { markers: ["__VALUE_1__"] });
    expect(hits.map(({ subject, display }) => [subject, display])).toEqual([
      ["drop <unknown> text", "DROP TABLE <unknown>"],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { read, seen } from "./texts.ts";

const mark = "(WITH d AS (SELECT mark()) SELECT 1 FROM d)";
const declare = "DECLARE n int; b boolean; s text; a int[]; r record; rc refcursor; c CURSOR FOR SELECT 1;";

/** Places of PL/pgSQL that hold SQL or an expression; each is given one call of mark(). */
const places: readonly (readonly [string, string])[] = [
  ["static statement", `INSERT INTO t SELECT ${mark};`],
  ["SELECT INTO", `SELECT ${mark} INTO n;`],
  ["INSERT RETURNING INTO", `INSERT INTO t VALUES (${mark}) RETURNING x INTO n;`],
  ["UPDATE", `UPDATE t SET x = ${mark};`],
  ["DELETE", `DELETE FROM t WHERE x = ${mark};`],
  ["PERFORM", `PERFORM ${mark};`],
  ["assignment", `n := ${mark};`],
  ["assignment with =", `n = ${mark};`],
  ["assignment to an element", `a[1] := ${mark};`],
  ["subscript of an assignment", "a[mark()] := 1;"],
  ["assignment to a field", `r.x := ${mark};`],
  ["IF", `IF ${mark} > 0 THEN NULL; END IF;`],
  ["THEN", `IF b THEN PERFORM ${mark}; END IF;`],
  ["ELSIF", `IF b THEN NULL; ELSIF ${mark} > 0 THEN NULL; END IF;`],
  ["body of ELSIF", `IF b THEN NULL; ELSIF b THEN PERFORM ${mark}; END IF;`],
  ["ELSE", `IF b THEN NULL; ELSE PERFORM ${mark}; END IF;`],
  ["CASE operand", `CASE ${mark} WHEN 1 THEN NULL; ELSE NULL; END CASE;`],
  ["CASE WHEN value", `CASE n WHEN ${mark} THEN NULL; ELSE NULL; END CASE;`],
  ["searched CASE", `CASE WHEN ${mark} > 0 THEN NULL; ELSE NULL; END CASE;`],
  ["CASE body", `CASE n WHEN 1 THEN PERFORM ${mark}; ELSE NULL; END CASE;`],
  ["CASE ELSE", `CASE n WHEN 1 THEN NULL; ELSE PERFORM ${mark}; END CASE;`],
  ["LOOP", `LOOP PERFORM ${mark}; EXIT; END LOOP;`],
  ["WHILE", `WHILE ${mark} > 1 LOOP NULL; END LOOP;`],
  ["body of WHILE", `WHILE b LOOP PERFORM ${mark}; END LOOP;`],
  ["FOR lower bound", `FOR i IN ${mark}..2 LOOP NULL; END LOOP;`],
  ["FOR upper bound", `FOR i IN 1..${mark} LOOP NULL; END LOOP;`],
  ["FOR BY", `FOR i IN 1..2 BY ${mark} LOOP NULL; END LOOP;`],
  ["body of FOR", `FOR i IN 1..2 LOOP PERFORM ${mark}; END LOOP;`],
  ["FOR query", `FOR r IN SELECT ${mark} LOOP NULL; END LOOP;`],
  ["body of FOR query", `FOR r IN SELECT 1 LOOP PERFORM ${mark}; END LOOP;`],
  ["FOR EXECUTE", `FOR r IN EXECUTE 'SELECT mark()' LOOP NULL; END LOOP;`],
  ["FOR EXECUTE USING", `FOR r IN EXECUTE 'SELECT $1' USING ${mark} LOOP NULL; END LOOP;`],
  ["body of FOR EXECUTE", `FOR r IN EXECUTE 'SELECT 1' LOOP PERFORM ${mark}; END LOOP;`],
  ["body of FOR cursor", `FOR x IN c LOOP PERFORM ${mark}; END LOOP;`],
  ["FOREACH", `FOREACH n IN ARRAY ARRAY[${mark}] LOOP NULL; END LOOP;`],
  ["body of FOREACH", `FOREACH n IN ARRAY a LOOP PERFORM ${mark}; END LOOP;`],
  ["EXIT WHEN", `LOOP EXIT WHEN ${mark} > 0; END LOOP;`],
  ["CONTINUE WHEN", `WHILE b LOOP CONTINUE WHEN ${mark} > 0; END LOOP;`],
  ["RAISE", `RAISE NOTICE '%', ${mark};`],
  ["RAISE USING", `RAISE EXCEPTION USING message = ${mark}::text;`],
  ["ASSERT", `ASSERT ${mark} > 0;`],
  ["ASSERT message", `ASSERT b, ${mark}::text;`],
  ["EXECUTE", "EXECUTE 'SELECT mark()';"],
  ["EXECUTE INTO", "EXECUTE 'SELECT mark()' INTO n;"],
  ["EXECUTE USING", `EXECUTE 'SELECT $1' USING ${mark};`],
  ["OPEN FOR", `OPEN rc FOR SELECT ${mark};`],
  ["OPEN FOR EXECUTE", "OPEN rc FOR EXECUTE 'SELECT mark()';"],
  ["OPEN FOR EXECUTE USING", `OPEN rc FOR EXECUTE 'SELECT $1' USING ${mark};`],
  ["FETCH count", `MOVE FORWARD ${mark} FROM rc;`],
  ["CALL", `CALL p(${mark});`],
  ["nested block", `BEGIN PERFORM ${mark}; END;`],
  ["default in a nested block", `DECLARE z int := ${mark}; BEGIN NULL; END;`],
  ["cursor in a nested block", `DECLARE z CURSOR FOR SELECT ${mark}; BEGIN NULL; END;`],
  ["EXCEPTION", `BEGIN NULL; EXCEPTION WHEN others THEN PERFORM ${mark}; END;`],
];

describe("every place of PL/pgSQL that can hold SQL is read", () => {
  const callee =
    "CREATE FUNCTION mark() RETURNS int LANGUAGE sql AS 'DELETE FROM marked RETURNING 1'; CREATE PROCEDURE p(int) LANGUAGE sql AS 'SELECT 1';";

  it.each(places)("%s", (_name, place) => {
    const { hits, opaque } = read(`${callee} DO $$ ${declare} BEGIN ${place} END $$`);
    expect(opaque).toEqual([]);
    expect(hits.map((hit) => hit.subject)).toContain("delete marked function");
  });

  it.each([
    ["RETURN", "RETURNS int", `RETURN ${mark};`],
    ["RETURN NEXT", "RETURNS SETOF int", `RETURN NEXT ${mark};`],
    ["RETURN QUERY", "RETURNS SETOF int", `RETURN QUERY SELECT ${mark};`],
    ["RETURN QUERY EXECUTE", "RETURNS SETOF int", "RETURN QUERY EXECUTE 'SELECT mark()';"],
    ["RETURN QUERY EXECUTE USING", "RETURNS SETOF int", `RETURN QUERY EXECUTE 'SELECT $1' USING ${mark};`],
  ])("%s", (_name, returns, place) => {
    const text = `${callee} CREATE FUNCTION g() ${returns} LANGUAGE plpgsql AS $$ BEGIN ${place} END $$; SELECT g();`;
    expect(seen(text)).toContain("delete marked function");
  });
});

describe("dynamic SQL", () => {
  it.each([
    ["a constant", "EXECUTE 'DROP TABLE a';", ["drop a dynamic"]],
    ["two statements", "EXECUTE 'DROP TABLE a; DELETE FROM b';", ["drop a dynamic", "delete b dynamic"]],
    ["constants put together", "EXECUTE 'DROP ' || 'TABLE ' || quote_ident('A');", ["drop A dynamic"]],
    ["an unknown name", "EXECUTE 'DROP TABLE ' || quote_ident(s);", ["drop <unknown> dynamic"]],
    ["part of a name unknown", "EXECUTE 'DROP TABLE t_' || n;", ["drop <unknown> dynamic"]],
    ["an unknown name in quotes", "EXECUTE 'DROP TABLE \"' || s || '\"';", ["drop <unknown> dynamic"]],
    ["format with %I", "EXECUTE format('DROP TABLE %I.%I', 'app', s);", ["drop app.<unknown> dynamic"]],
    ["format with positions", "EXECUTE format('DELETE FROM %2$I WHERE x = %1$L', s, 'b');", ["delete b dynamic"]],
    ["format with %s and width", "EXECUTE format('TRUNCATE %-10s', s);", ["truncate <unknown> dynamic"]],
    ["concat and casts", "EXECUTE concat('DELETE FROM ', s::regclass)::text;", ["delete <unknown> dynamic"]],
    [
      "a number where no name fits",
      "EXECUTE 'DELETE FROM a WHERE x = INTERVAL(' || n || ') ''1''';",
      ["delete a dynamic"],
    ],
    ["a literal", "EXECUTE 'DELETE FROM a WHERE x = ' || quote_literal(s);", ["delete a dynamic"]],
    ["an expression in quotes", "EXECUTE format('SELECT %I, %L', s, s) || quote_literal(s);", []],
    ["an expression that is a number or a name by its type", "EXECUTE 'SELECT ' || n::int || ', ' || s::regclass;", []],
    ["a DO block in it", "EXECUTE 'DO $x$ BEGIN DROP TABLE a; END $x$';", ["drop a do"]],
  ])("%s is read", (_name, body, expected) => {
    const { hits, opaque } = read(`DO $$ DECLARE s text; n int; BEGIN ${body} END $$`);
    expect([hits.map((hit) => hit.subject), opaque]).toEqual([expected, []]);
  });

  it.each([
    ["a variable", "EXECUTE s;"],
    ["a verb that is unknown", "EXECUTE s || ' TABLE a';"],
    ["an action that is unknown", "EXECUTE 'ALTER TABLE a ' || s;"],
    ["a kind that is unknown", "EXECUTE format('DROP %s a', s);"],
    ["another function", "EXECUTE replace('DROP TABLE x', 'x', s);"],
    ["a format that is unknown", "EXECUTE format(s, 'a');"],
    ["an expression that is unknown", "EXECUTE 'SELECT ' || s;"],
    ["an expression in format", "EXECUTE format('SELECT %s', s);"],
    ["a value put in without quotes", "EXECUTE 'INSERT INTO a VALUES (' || s || ')';"],
    ["a loop's record", "FOR r IN SELECT 'DROP TABLE ' || relname AS q FROM pg_class LOOP EXECUTE r.q; END LOOP;"],
  ])("%s is opaque", (_name, body) => {
    const { hits, opaque } = read(`DO $$ DECLARE s text; r record; BEGIN ${body} END $$`);
    expect([hits.filter(({ subject }) => !subject.startsWith("insert")), opaque.length]).toEqual([[], 1]);
  });
});

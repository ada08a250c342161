import { describe, expect, test } from "vitest";
import { unknownName } from "../../src/model/rule.ts";
import { rules } from "../../src/rules/index.ts";
import type { Losses } from "../oracle/losses.ts";
import { hitsOf } from "./analysis.ts";
import { notExecutable } from "./exceptions.ts";

const bare = (sql: string) => sql.replace(/;$/, "");
const quoted = (sql: string) => `'${bare(sql).replaceAll("'", "''")}'`;

/** Ways to run one statement inside another. */
const wrappings: Readonly<Record<string, (sql: string) => string>> = {
  "a DO block": (sql) => `DO $wrap$ BEGIN ${sql} END $wrap$;`,
  "a branch of a DO block": (sql) => `DO $wrap$ BEGIN IF current_user IS NOT NULL THEN ${sql} END IF; END $wrap$;`,
  "a constant EXECUTE": (sql) => `DO $wrap$ BEGIN EXECUTE ${quoted(sql)}; END $wrap$;`,
  "EXECUTE format()": (sql) => `DO $wrap$ BEGIN EXECUTE format('%s', ${quoted(sql)}); END $wrap$;`,
  "a function that is called": (sql) =>
    `CREATE FUNCTION wrap() RETURNS void LANGUAGE plpgsql AS $wrap$ BEGIN ${sql} END $wrap$; SELECT wrap();`,
};

/** Statements that SQL lets stand inside others. */
const dml: Readonly<Record<string, (sql: string) => string>> = {
  "a writable CTE": (sql) => `WITH wrap AS (${bare(sql)} RETURNING 1) SELECT count(*) FROM wrap;`,
  "EXPLAIN ANALYZE": (sql) => `EXPLAIN ANALYZE ${sql}`,
  "PREPARE and EXECUTE": (sql) => `PREPARE wrap AS ${sql} EXECUTE wrap;`,
};

const cases = rules.flatMap((rule) =>
  rule.bad.filter((sql) => !bare(sql).includes(";")).map((sql) => ({ id: rule.id, hazard: rule.hazard, sql })),
);
const dmlCases = cases.filter(({ sql }) => /^(DELETE|UPDATE|MERGE|INSERT)/.test(sql));

/** Statements inside others: found, and as harmful as alone. */
export function nestedCases(lossesOf: (sql: string) => Promise<Losses>): void {
  describe("a statement is found wherever it stands", () => {
    for (const [name, wrap] of Object.entries(wrappings)) {
      test.each(cases)(`in ${name}: $sql`, ({ id, sql }) => {
        expect(hitsOf(wrap(sql)).map(({ rule }) => rule)).toContain(id);
      });
    }
    for (const [name, wrap] of Object.entries(dml)) {
      test.each(dmlCases)(`in ${name}: $sql`, ({ id, sql }) => {
        expect(hitsOf(wrap(sql)).map(({ rule }) => rule)).toContain(id);
      });
    }
  });

  describe("dynamic SQL with a known verb and an unknown name is that verb's finding", () => {
    test.each([
      ["EXECUTE format('DROP TABLE %I', t)", "drop-table", unknownName],
      ["EXECUTE 'DROP TABLE ' || quote_ident(t) || ' CASCADE'", "drop-table", unknownName],
      ["EXECUTE format('TRUNCATE %I.%I', 'app', t)", "truncate", `app.${unknownName}`],
      ["EXECUTE format('ALTER TABLE app.users DROP COLUMN %I', t)", "drop-column", `app.users.${unknownName}`],
      ["EXECUTE format('DELETE FROM %I', t)", "delete-without-where", unknownName],
      ["EXECUTE 'DELETE FROM app.notes WHERE ' || t", "delete-without-where", "app.notes"],
      ["EXECUTE format('DELETE FROM %I WHERE id = 1', t)", "delete", unknownName],
      ["EXECUTE format('ALTER TABLE %I DISABLE TRIGGER ALL', t)", "disable-trigger", unknownName],
      ["EXECUTE format('DROP SCHEMA %I CASCADE', t)", "drop-schema", unknownName],
    ])("%s", (statement, rule, subject) => {
      const text = `DO $$ DECLARE t text := current_setting('x.y'); BEGIN ${statement}; END $$;`;
      expect(hitsOf(text)).toContainEqual(expect.objectContaining({ rule, subject }));
    });
  });

  const executed = [
    ...cases
      .filter(({ hazard, sql }) => hazard === "data-loss" && !notExecutable.has(sql) && !sql.startsWith("SELECT"))
      .map(({ sql }) => wrappings["EXECUTE format()"]?.(sql) ?? ""),
    ...dmlCases.flatMap(({ sql }) => Object.values(dml).map((wrap) => wrap(sql))),
  ];

  test.each(executed)("executed inside another, it loses what it loses alone: %s", async (sql) => {
    const { whole, some } = await lossesOf(sql);
    const hazards = hitsOf(sql).map(({ hazard }) => hazard);
    if (whole.length > 0) expect(hazards).toContain("data-loss");
    if (some.length > 0) expect(hazards.some((hazard) => hazard.startsWith("data-"))).toBe(true);
  });
}

import { describe, expect, test } from "vitest";
import { rules } from "../../src/rules/index.ts";
import { analyze } from "../../src/sql/analyze.ts";
import type { Execution } from "../oracle/database.ts";
import { textOf } from "./analysis.ts";

/** What the rule says when an earlier file of the run made the column. */
function judged(from: string, to: string): string {
  const texts = [`CREATE TABLE typed (c ${from});`, `ALTER TABLE typed ALTER c TYPE ${to};`];
  const hits = analyze({ texts: texts.map((text) => textOf(text)) }, rules).texts[1]?.hits ?? [];
  const hit = hits.find(({ rule }) => rule === "alter-column-type");
  if (hit === undefined) return "safe";
  if (hit.hazard === "data-loss") return hit.why.includes("not known") ? "unknown" : "lossy";
  return hit.hazard === "compatibility" || hit.hazard === "note" ? "refuses" : hit.hazard;
}

/** Pairs of types, as the rule says and as PostgreSQL does to a value that shows the difference. */
export function alterColumnTypeCases(execute: (sql: string) => Promise<Execution>): void {
  /** What the change does to this value, by PostgreSQL: keeps its text, changes it, or ends with an error. */
  async function executed(from: string, to: string, value: string): Promise<string> {
    const execution = await execute(`
      CREATE TABLE typed (c ${from}); INSERT INTO typed VALUES (${value});
      CREATE TABLE kept AS SELECT c::text AS c FROM typed;
      ALTER TABLE typed ALTER c TYPE ${to};
      DO $$ BEGIN
        IF EXISTS (SELECT FROM typed, kept WHERE typed.c::text IS DISTINCT FROM kept.c) THEN RAISE 'value changed'; END IF;
      END $$;`);
    if (execution.kind === "ran") return "safe";
    return execution.message === "value changed" ? "lossy" : "refuses";
  }

  describe("a known type and its change", () => {
    test.each([
      ["int", "bigint", "2147483647", "safe"],
      ["smallint", "int", "-32768", "safe"],
      ["serial", "bigint", "7", "safe"],
      ["bigint", "int", "3000000000", "refuses"],
      ["int", "smallint", "70000", "refuses"],
      ["numeric(8,3)", "numeric(8,1)", "1.125", "lossy"],
      ["numeric(8,3)", "numeric(10,3)", "12345.125", "safe"],
      ["numeric(8,3)", "numeric(6,3)", "12345.125", "refuses"],
      ["numeric(8,3)", "numeric", "1.125", "safe"],
      ["numeric", "numeric(8,1)", "1.125", "lossy"],
      ["numeric", "int", "1.5", "lossy"],
      ["int", "numeric", "7", "safe"],
      ["int", "numeric(12)", "2147483647", "safe"],
      ["int", "numeric(5)", "2147483647", "refuses"],
      ["double precision", "real", "0.1234567890123", "lossy"],
      ["double precision", "int", "1.5", "lossy"],
      ["double precision", "numeric", "1234567890.123456789", "lossy"],
      ["bigint", "double precision", "9007199254740993", "lossy"],
      ["real", "double precision", "1.5", "safe"],
      ["varchar(5)", "varchar(10)", "'abcde'", "safe"],
      ["varchar(10)", "varchar(5)", "'abcdefgh'", "refuses"],
      ["varchar(10)", "varchar(5) USING c::varchar(5)", "'abcdefgh'", "lossy"],
      ["varchar(5)", "varchar(10) USING c::varchar(10)", "'abcde'", "safe"],
      ["varchar(5)", "varchar", "'abcde'", "safe"],
      ["text", "varchar(5)", "'abcdefgh'", "refuses"],
      ["character varying(20)", "text", "'abc'", "safe"],
      ["char(3)", "text", "'abc'", "safe"],
      ["text", "text USING left(c, 1)", "'abc'", "lossy"],
      ["timestamp", "timestamp(0)", "'2026-01-01 00:00:00.6'", "lossy"],
      ["timestamp(0)", "timestamp(3)", "'2026-01-01 00:00:00'", "safe"],
      ["timestamp(3) with time zone", "timestamptz", "'2026-01-01 00:00:00.6'", "safe"],
      ["timestamp", "date", "'2026-01-01 10:00'", "lossy"],
      ["timestamp", "timestamptz", "'2026-01-01 10:00'", "lossy"],
      ["json", "jsonb", `'{"a": 1, "a": 2}'`, "lossy"],
      ["jsonb", "json", `'{"a": 1}'`, "safe"],
      ["inet", "cidr", "'10.1.2.3/8'", "lossy"],
      ["cidr", "inet", "'10.0.0.0/8'", "safe"],
      ["text", "uuid USING c::uuid", "'nothing of the kind'", "refuses"],
      ["text", "int USING c::int", "'007'", "lossy"],
      ["text", "app.mood USING c::app.mood", "'furious'", "refuses"],
      ["app.mood", "app.unused USING c::text::app.unused", "'ok'", "refuses"],
      ["app.mood", "text USING c::text", "'ok'", "safe"],
      ["int", "boolean USING c::boolean", "2", "lossy"],
      ["int[]", "bigint[]", "'{1,2}'", "safe"],
      ["numeric(8,3)[]", "numeric(8,1)[]", "'{1.125}'", "lossy"],
      ["int", "text", "7", "safe"],
      ["bit(8)", "bit(4) USING c::bit(4)", "B'10101111'", "lossy"],
    ])("%s → %s with %s: %4$s", async (from, to, value, outcome) => {
      expect(await executed(from, to, value)).toBe(outcome);
      expect(judged(from, to)).toBe(outcome);
    });

    test("a zone switch at UTC keeps every moment", () => {
      expect(judged("timestamp", "timestamptz USING c AT TIME ZONE 'UTC'")).toBe("safe");
      expect(judged("timestamp", "timestamptz USING c AT TIME ZONE 'CET'")).toBe("lossy");
    });
  });

  describe("a type that no file of the run has said", () => {
    const judge = (to: string) =>
      analyze({ texts: [textOf(`ALTER TABLE typed ALTER c TYPE ${to};`)] }, rules).texts[0]?.hits.map(
        ({ rule, hazard }) => (rule === "rewrite-column-type" ? `rewrite: ${hazard}` : hazard),
      );

    test.each([
      ["text", ["rewrite: note"]],
      ["varchar", ["rewrite: note"]],
      ["varchar(20)", ["compatibility", "rewrite: availability"]],
      ["uuid USING c::uuid", ["compatibility", "rewrite: availability"]],
      ['"Mood_new" USING c::text::"Mood_new"', ["note", "rewrite: availability"]],
      ["bigint", ["data-loss", "rewrite: availability"]],
      ["varchar(20) USING c::varchar(20)", ["data-loss", "rewrite: availability"]],
      ["text USING substr(c, 1, 3)", ["data-loss", "rewrite: availability"]],
    ])("%s", (to, hazards) => {
      expect(judge(to)).toEqual(hazards);
    });
  });
}

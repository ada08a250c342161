import { describe, expect, test } from "vitest";
import type { Losses } from "../oracle/losses.ts";
import { hitsOf } from "./analysis.ts";

const found = (where: string) => hitsOf(`DELETE FROM app.notes WHERE ${where}`).map(({ rule }) => rule);

/** How far a WHERE reaches, as the rules say and as PostgreSQL does. */
export function whereReachCases(lossesOf: (sql: string) => Promise<Losses>): void {
  async function rowsLost(where: string): Promise<"every" | "some" | "none"> {
    const { whole, some } = await lossesOf(`DELETE FROM app.notes WHERE ${where}`);
    if (whole.length > 0) return "every";
    return some.length > 0 ? "some" : "none";
  }

  describe("a WHERE that lets every row through is no WHERE", () => {
    test.each([
      "true",
      "'t'::bool",
      "NOT false",
      "1 = 1",
      "'a' = 'a'",
      "1 < 2 AND 2 > 1",
      "id = 1 OR true",
      "id = id",
      "notes.id = id",
      "id::text = id::text",
      "id IS NOT DISTINCT FROM id",
      "id IS NOT NULL",
      "NOT (id IS NULL)",
      "id >= 1",
      "id > -1",
      "NOT id < 1",
      "id <> 0",
      "NOT (id = 0)",
      "ctid IS NOT NULL",
      "body LIKE '%'",
      "body ILIKE '%%'",
      "body IS NULL OR body IS NOT NULL",
      "id = 1 OR NOT id = 1",
      "id IN (SELECT id FROM app.notes)",
      "id IN (SELECT n.id FROM app.notes n ORDER BY 1)",
      "EXISTS (SELECT 1)",
      "EXISTS (SELECT * FROM app.incoming)",
      "(SELECT true)",
      "1 IN (1, 2)",
      "now() > '2020-01-01'",
      "random() >= 0",
      "'1'::int = '01'::int",
      "NOT (0.4::int = 0.4)",
      "NOT '00'::int::bool",
      "9007199254740993 <> 9007199254740992",
      "NULL IS NOT DISTINCT FROM NULL",
      "COALESCE(NULL, true)",
      "1 BETWEEN 0 AND 2",
      "true IS TRUE",
    ])("%s", async (where) => {
      expect(await rowsLost(where)).toBe("every");
      expect(found(where)).toEqual(["delete-without-where"]);
    });
  });

  describe("a WHERE that picks rows bounds the loss", () => {
    test.each([
      "id = 1",
      "id IN (1, 2)",
      "id > 1",
      "NOT (id > 1)",
      "id IN (SELECT id FROM app.incoming)",
      "id IN (SELECT id FROM app.notes LIMIT 1)",
      "id IN (SELECT id FROM app.notes WHERE body = 'one')",
      "body LIKE 'o%'",
      "id = 1 AND true",
      "id <> 1",
      "(body = 'one') = true",
    ])("%s", async (where) => {
      expect(await rowsLost(where)).toBe("some");
      expect(found(where)).toEqual(["delete"]);
    });
  });

  describe("a WHERE that lets no row through loses nothing", () => {
    test.each(["false", "NULL", "1 = 0", "id = 1 AND false", "1 > 2 AND id = 1", "'a' <> 'a'"])("%s", async (where) => {
      expect(await rowsLost(where)).toBe("none");
      expect(found(where)).toEqual([]);
    });
  });
}

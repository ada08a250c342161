import { describe, expect, it } from "vitest";
import { readCall } from "../../src/tools/read-call.ts";
import { invocation, stepOf } from "./calls.ts";

describe("Flyway's initSql", () => {
  it.each(["info", "validate", "migrate"])("runs with flyway %s", (command) => {
    const { sql } = stepOf(["flyway", command], { env: { FLYWAY_INIT_SQL: "DROP TABLE t" } });
    expect(sql.map(({ text }) => text)).toEqual(["DROP TABLE t"]);
  });

  it("is read from the option before the variable", () => {
    const { sql } = stepOf(["flyway", "-initSql=SELECT 1", "info"], { env: { FLYWAY_INIT_SQL: "DROP TABLE t" } });
    expect(sql.map(({ text }) => text)).toEqual(["SELECT 1"]);
  });

  it("is opaque from a Secret", () => {
    const { opaque } = stepOf(["flyway", "info"], { env: { FLYWAY_INIT_SQL: [{ unknown: "from Secret x" }] } });
    expect(opaque).toMatchObject([{ kind: "unreadable", reason: "Flyway's initSql is not known: from Secret x" }]);
  });

  it("leaves a harmless command harmless where there is none", () => {
    expect(readCall(invocation(["flyway", "info"])).kind).toBe("harmless");
  });
});

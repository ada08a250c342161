import { describe, expect, it } from "vitest";
import { stepOf } from "./calls.ts";

type Files = Readonly<Record<string, string>>;

function seen(line: string, files: Files, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const { sql, opaque } = stepOf(line.split(" "), { files, env });
  return [...sql.map(({ text }) => text.trim()), ...opaque.map(({ kind }) => kind)];
}

const pairs = {
  "/m/2_b.up.sql": "B",
  "/m/10_c.up.sql": "C",
  "/m/1_a.up.sql": "A",
  "/m/1_a.down.sql": "DOWN",
  "/m/readme.md": "no",
};
const dbmate = { "/m/1_a.sql": "-- migrate:up\nA\n-- migrate:down\nDOWN\n-- migrate:up transaction:false\nA2" };
const goose = {
  "/m/1_a.sql": "-- +goose Up\n-- +goose StatementBegin\nA\n-- +goose StatementEnd\n-- +goose Down\nDOWN",
};

describe("migrations in a mounted folder", () => {
  it.each<[string, string, Files, readonly string[]]>([
    ["golang-migrate: forward files by number", "migrate -path /m -database x up", pairs, ["A", "B", "C"]],
    ["golang-migrate: a source URL", "migrate -source=file:///m -database=x up", pairs, ["A", "B", "C"]],
    [
      "golang-migrate: a source before a path",
      "migrate -path /n -source file:///m -database x up",
      { "/n/1_n.up.sql": "N", ...pairs },
      ["A", "B", "C"],
    ],
    ["golang-migrate: a source elsewhere", "migrate -source github://o/r -database x up", pairs, ["forward-command"]],
    ["golang-migrate: a folder of the image", "migrate -path /app -database x up", pairs, ["forward-command"]],
    ["golang-migrate: backwards, nothing is read", "migrate -path /m -database x down", pairs, ["forward-command"]],
    [
      "dbmate: all up parts and no down part",
      "dbmate -d /m up",
      dbmate,
      ["-- migrate:up\nA\n\n\n-- migrate:up transaction:false\nA2"],
    ],
    ["dbmate: a file without its marks", "dbmate -d /m up", { "/m/1_a.sql": "DROP TABLE t" }, ["unreadable"]],
    [
      "goose: the up part, line numbers kept",
      "goose -dir /m postgres x up",
      goose,
      ["-- +goose Up\n-- +goose StatementBegin\nA\n-- +goose StatementEnd"],
    ],
    [
      "goose: a mark that goose would not take does not end it",
      "goose -dir /m postgres x up",
      { "/m/1_a.sql": "-- +goose Up\nA\n  -- +goose Down and out\nB" },
      ["-- +goose Up\nA\n  -- +goose Down and out\nB"],
    ],
    [
      "goose: variables put in",
      "goose -dir /m postgres x up",
      { "/m/1_a.sql": "-- +goose ENVSUB ON\n-- +goose Up\nA $X" },
      ["unreadable"],
    ],
    ["goose: a migration in Go", "goose -dir /m postgres x up", { "/m/1_a.go": "package m" }, ["unreadable"]],
  ])("%s", (_, line, files, expected) => {
    expect(seen(line, files)).toEqual(expected);
  });

  it("dbmate and goose find it by their variables", () => {
    expect(seen("dbmate up", dbmate, { DBMATE_MIGRATIONS_DIR: "/m" })).toHaveLength(1);
    expect(seen("goose postgres x up", goose, { GOOSE_MIGRATION_DIR: "/m" })[0]).toContain("A");
  });

  it("dbmate and goose say where a transaction is not wanted", () => {
    expect(stepOf(["dbmate", "-d", "/m", "up"], { files: dbmate }).sql[0]?.singleTransaction).toBe(false);
    expect(stepOf(["goose", "-dir", "/m", "up"], { files: goose }).sql[0]?.singleTransaction).toBe(true);
  });
});

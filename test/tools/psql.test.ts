import { describe, expect, it } from "vitest";
import { displayWord } from "../../src/model/word.ts";
import { readCall } from "../../src/tools/read-call.ts";
import { invocation, origin, stepOf } from "./calls.ts";

const files = {
  "/sql/a.sql": "A",
  "/sql/main.sql": "\\i /sql/a.sql\n\\ir sub/b.sql\nM",
  "/sql/sub/b.sql": "\\ir c.sql\nB",
  "/sql/sub/c.sql": "C",
};
const secret = { unknown: "from Secret db key uri", secret: { name: "db", key: "uri" } };
const text = (sql: string) => ({ kind: "text", text: [sql], origin }) as const;

describe("psql: which SQL runs, in which order", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["-c", ["psql", "-c", "X"], ["X"]],
    ["-cSQL in one word", ["psql", "-cX"], ["X"]],
    ["--command=", ["psql", "--command=X"], ["X"]],
    ["--command and a word", ["psql", "--command", "X"], ["X"]],
    ["a shortened long option", ["psql", "--comm=X"], ["X"]],
    ["letters in one word", ["psql", "-tAc", "X"], ["X"]],
    ["-qc", ["psql", "-qc", "X"], ["X"]],
    ["several -c", ["psql", "-c", "X", "-c", "Y"], ["X", "Y"]],
    ["-f", ["psql", "-f", "/sql/a.sql"], ["A"]],
    ["--file=", ["psql", "--file=/sql/a.sql"], ["A"]],
    ["-c and -f keep their order", ["psql", "-f", "/sql/a.sql", "-c", "X", "-f", "/sql/a.sql"], ["A", "X", "A"]],
    ["options behind operands", ["psql", "postgres://h/d", "-c", "X"], ["X"]],
    ["-f - is standard input", ["psql", "-f", "-"], ["IN"]],
    ["-f /dev/stdin too", ["psql", "-f", "/dev/stdin"], ["IN"]],
    ["standard input where nothing else is", ["psql", "-h", "h"], ["IN"]],
    ["no standard input beside -c", ["psql", "-c", "X"], ["X"]],
    ["what follows -- is no option", ["psql", "-c", "X", "--", "-c"], ["X"]],
    ["by its full path", ["/usr/bin/psql", "-c", "X"], ["X"]],
    ["behind timeout and env", ["timeout", "-k", "5", "60", "env", "A=b", "psql", "-c", "X"], ["X"]],
  ])("%s", (_, argv, expected) => {
    expect(stepOf(argv, { files, stdin: text("IN") }).sql.map((sql) => sql.text)).toEqual(expected);
  });

  it("nothing, where nothing is given to it", () => {
    expect(stepOf(["psql", "-h", "h"]).sql).toEqual([]);
  });

  it.each([[["psql", "--version"]], [["psql", "-V"]], [["psql", "--help"]], [["psql", "-l"]]])(
    "%j is harmless",
    (argv) => {
      expect(readCall(invocation(argv)).kind).toBe("harmless");
    },
  );
});

describe("psql: how a text is fed", () => {
  const sql = (argv: readonly string[]) => stepOf(argv, { files }).sql[0];

  it.each<[string, readonly string[], boolean]>([
    ["-v ON_ERROR_STOP=1", ["-v", "ON_ERROR_STOP=1"], true],
    ["--set=ON_ERROR_STOP=on", ["--set=ON_ERROR_STOP=on"], true],
    ["--variable ON_ERROR_STOP=true", ["--variable", "ON_ERROR_STOP=true"], true],
    ["-vON_ERROR_STOP=yes", ["-vON_ERROR_STOP=yes"], true],
    ["plain", [], false],
    ["ON_ERROR_STOP=0", ["-v", "ON_ERROR_STOP=0"], false],
    ["ON_ERROR_STOP=off", ["-v", "ON_ERROR_STOP=off"], false],
    ["-v ON_ERROR_STOP unsets it", ["-v", "ON_ERROR_STOP=1", "-v", "ON_ERROR_STOP"], false],
  ])("%s stops on errors: %s", (_, options, stops) => {
    expect(sql(["psql", ...options, "-f", "/sql/a.sql"])?.stopsOnError).toBe(stops);
  });

  it("-1 is one transaction, with -f alone it is none", () => {
    expect(sql(["psql", "-1", "-f", "/sql/a.sql"])?.singleTransaction).toBe(true);
    expect(sql(["psql", "-f", "/sql/a.sql"])?.singleTransaction).toBe(false);
  });

  it("-c goes to the server as it is, without variables, in one transaction", () => {
    expect(sql(["psql", "-v", "t=users", "-c", "DROP TABLE :t"])).toMatchObject({
      client: "plain",
      variables: {},
      singleTransaction: true,
    });
  });

  it("-c with a backslash is a meta-command", () => {
    expect(sql(["psql", "-c", "\\i /sql/a.sql"])?.client).toBe("psql");
  });

  it("-f knows the variables and what it can include", () => {
    const found = sql(["psql", "-v", "t=users", "-f", "/sql/main.sql"]);
    expect(found?.variables).toEqual({ t: "users" });
    expect(found?.includes).toMatchObject({ "/sql/a.sql": "A", "sub/b.sql": "\\ir c.sql\nB", "c.sql": "C" });
  });

  it("unknown parts and unknown variables become markers that occur nowhere else", () => {
    const [found] = stepOf(["psql", "-v", ["id=", secret], "-f", "-"], {
      stdin: { kind: "text", text: ["SELECT 'mg_hole_0', '", secret, "'"], origin },
    }).sql;
    expect([found?.text, found?.variables, found?.markers]).toEqual([
      "SELECT 'mg_hole_0', 'mg_hole_0_'",
      { id: "mg_hole_1" },
      ["mg_hole_0_", "mg_hole_1"],
    ]);
  });
});

describe("psql: what cannot be read is opaque", () => {
  it.each<[string, Parameters<typeof stepOf>, string, string]>([
    [
      "a file of the image",
      [["psql", "-f", "/app/x.sql"]],
      "unreadable",
      "psql -f /app/x.sql: /app/x.sql is a file of the image",
    ],
    ["a file whose name is unknown", [["psql", "-f", [secret]]], "unreadable", "from Secret db key uri"],
    [
      "standard input that is unknown",
      [["psql"], { stdin: { kind: "unknown", reason: "output of gunzip" } }],
      "unreadable",
      "output of gunzip",
    ],
    ["a -c that is wholly unknown", [["psql", "-c", [secret]]], "unreadable", "-c is wholly unknown"],
    ["an argument outside quotes", [["psql", "-U", [{ ...secret, splits: true }], "-c", "X"]], "untrusted", "quote it"],
    ["output into a program", [["psql", "-o", "|sh", "-c", "X"]], "untrusted", "--output pipes into a program"],
    ["an option psql does not have", [["psql", "-Z", "-c", "X"]], "untrusted", "option Z"],
    [
      "a start-up file of a mounted home",
      [["psql", "-c", "X"], { env: { HOME: "/h" }, files: { "/h/.psqlrc": "\\! sh" } }],
      "untrusted",
      "/h/.psqlrc",
    ],
  ])("%s", (_, call, kind, reason) => {
    const { opaque } = stepOf(...call);
    expect(opaque).toEqual([expect.objectContaining({ kind, reason: expect.stringContaining(reason) })]);
  });

  it("-X leaves the start-up files out", () => {
    const call = [
      ["psql", "-X", "-c", "X"],
      { env: { HOME: "/h", PSQLRC: "/x" }, files: { "/h/.psqlrc": "\\! sh" } },
    ] as const;
    expect(stepOf(...call).opaque).toEqual([]);
  });
});

describe("psql: where it connects", () => {
  it.each<[string, Parameters<typeof stepOf>, string]>([
    ["options", [["psql", "-h", "h", "-p", "1", "-d", "d"]], "h 1 d"],
    ["options in one word", [["psql", "-hh", "-p1", "-dd"]], "h 1 d"],
    ["an operand", [["psql", "-h", "h", "d"]], "h  d"],
    ["a URL", [["psql", "postgresql://u:p@h:1/d?sslmode=require"]], "h 1 d"],
    ["a URL as -d", [["psql", "-d", "postgres://h/d"]], "h  d"],
    ["a URL with several hosts", [["psql", "postgres://u@a:1,b:2/d"]], "a,b 1 d"],
    ["a URL with its host in the query", [["psql", "postgres:///d?host=h&port=1"]], "h 1 d"],
    ["keywords", [["psql", "host=h port=1 dbname='d' user=u"]], "h 1 d"],
    ["variables", [["psql"], { env: { PGHOST: "h", PGPORT: "1", PGDATABASE: "d" } }], "h 1 d"],
    ["the user's name for want of a database", [["psql", "-h", "h", "-U", "u"]], "h  u"],
    ["a URL wins over variables", [["psql", "postgres://h/d"], { env: { PGHOST: "x", PGDATABASE: "y" } }], "h  d"],
    ["PGHOSTADDR wins over PGHOST", [["psql", "d"], { env: { PGHOST: "x", PGHOSTADDR: "10.0.0.1" } }], "10.0.0.1  d"],
    ["a URL that is unknown", [["psql", [secret]]], "<from Secret db key uri>  <from Secret db key uri>"],
    [
      "an unknown URL wins over PGHOST",
      [["psql", [secret]], { env: { PGHOST: "x" } }],
      "<from Secret db key uri>  <from Secret db key uri>",
    ],
    [
      "an unknown database name beside a host",
      [["psql", "-h", "h", "-d", [{ unknown: "from Secret db key name" }]]],
      "h  <from Secret db key name>",
    ],
    ["a URL with an unknown password", [["psql", ["postgres://u:", secret, "@h/d"]]], "h  d"],
  ])("%s", (_, call, expected) => {
    const { connection } = stepOf(...call);
    const hosts = connection?.hosts.map(displayWord).join(",");
    expect(`${hosts} ${displayWord(connection?.port ?? [])} ${displayWord(connection?.database ?? [])}`).toBe(expected);
  });
});

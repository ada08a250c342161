import type { Word } from "../model/run.ts";
import type { Tool, ToolCall, ToolReading } from "../model/tool.ts";
import { optionSyntax, type ParsedArguments, parseArguments, splittingArguments } from "./arguments.ts";
import { firstGiven, isGiven, libpqConnection } from "./connection.ts";
import { psqlActions } from "./psql-actions.ts";
import { psqlBends } from "./psql-bends.ts";

const syntax = optionSyntax(
  "command:c dbname:d field-separator:F file:f host:h log-file:L output:o pset:P port:p record-separator:R set:v variable:v table-attr:T username:U",
  "echo-all:a no-align:A echo-errors:b csv echo-queries:e echo-hidden:E html:H list:l no-readline:n quiet:q single-step:s single-line:S tuples-only:t version:V no-password:w password:W expanded:x no-psqlrc:X field-separator-zero:z record-separator-zero:0 single-transaction:1 help:?",
);

/** psql: -c and -f in the order given, standard input only where there is neither. */
export const psql: Tool = {
  id: "psql",
  title: "psql",
  dialect: "postgresql",
  images: [
    { repository: "docker.io/alpine/psql", entrypoint: ["psql"] },
    { repository: "docker.io/library/postgres", entrypoint: [] },
    { repository: "docker.io/bitnami/postgresql", entrypoint: [] },
    { repository: "docker.io/pgvector/pgvector", entrypoint: [] },
    { repository: "docker.io/postgis/postgis", entrypoint: [] },
    { repository: "docker.io/timescale/timescaledb", entrypoint: [] },
    { repository: "ghcr.io/cloudnative-pg/postgresql", entrypoint: [] },
  ],
  binaries: ["psql"],
  signatures: [],
  letters: { valued: "dfFhLoPpRTUv", sql: "c", secret: "" },
  read: (call) => readPsql(call, parseArguments(call.args, syntax)),
};

function readPsql(call: ToolCall, parsed: ParsedArguments): ToolReading {
  const { env, origin } = call.invocation;
  const names = new Set(parsed.options.map(({ name }) => name));
  if (["version", "help", "list"].some((name) => names.has(name))) return { kind: "harmless" };
  const { sql, opaque } = psqlActions(call.invocation, parsed);
  const value = (name: string): Word => parsed.options.findLast((option) => option.name === name)?.value ?? [];
  const [first = [], second = []] = parsed.positional;
  const named = value("dbname");
  // with -d, the first operand is the user
  const user = firstGiven(value("username"), isGiven(named) ? first : second);
  return {
    kind: "step",
    subcommand: null,
    destructive: null,
    options: [...names].filter((name) => changesMeaning.has(name)).toSorted(),
    sql,
    opaque: [...opaque, ...psqlBends(call.invocation, parsed), ...splittingArguments(call.args, origin)],
    commands: [],
    connection: libpqConnection(
      {
        hosts: [value("host")].filter(isGiven),
        port: value("port"),
        database: firstGiven(named, first),
        credentials: [user].filter(isGiven),
      },
      env,
    ),
  };
}

const changesMeaning: ReadonlySet<string> = new Set(["single-transaction", "single-line", "no-psqlrc"]);

import type { Word } from "../model/run.ts";
import type { Tool, ToolCall, ToolReading } from "../model/tool.ts";
import { knownText, reasonOf } from "../model/word.ts";
import { optionValue } from "./arguments.ts";
import { firstGiven, isGiven } from "./connection.ts";
import { sqlText } from "./sql-text.ts";
import { tableTool } from "./subcommands.ts";

const commands = tableTool({
  id: "flyway",
  title: "Flyway",
  images: [
    { repository: "docker.io/flyway/flyway", entrypoint: ["flyway"] },
    { repository: "docker.io/redgate/flyway", entrypoint: ["flyway"] },
    { repository: "docker.io/boxfuse/flyway", entrypoint: ["flyway"] },
  ],
  binaries: ["flyway"],
  destructive: ["clean", "undo"],
  history: ["repair", "baseline"],
  unclear: ["migrate -outOfOrder", "migrate -skipExecutingMigrations", "deploy"],
  forward: ["migrate"],
  harmless: ["info", "validate", "version", "help", "check", "snapshot", "report", "testConnection", "list-engines"],
  several: true,
  urlOptions: ["-url"],
  urlVariables: ["FLYWAY_URL"],
  destructiveVariables: ["FLYWAY_CLEAN_ON_VALIDATION_ERROR=true"],
});

/**
 * Flyway: one call may name several commands; clean is off by default only since version 9. initSql runs at every connect,
 * whatever the command.
 */
export const flyway: Tool = {
  ...commands,
  read: (call) => {
    const reading = commands.read(call);
    const initSql = initSqlOf(call);
    return isGiven(initSql) && reading !== null ? withInitSql(reading, initSql, call) : reading;
  },
};

function initSqlOf({ args, invocation }: ToolCall): Word {
  return firstGiven(optionValue(args, "-initSql"), invocation.env.get("FLYWAY_INIT_SQL") ?? []);
}

function withInitSql(reading: ToolReading, initSql: Word, { invocation }: ToolCall): ToolReading {
  const { origin } = invocation;
  const habit = { dialect: "postgresql", client: "plain", stopsOnError: true, singleTransaction: false } as const;
  const sql =
    knownText(initSql) === null ? [] : [sqlText(initSql, origin, { ...habit, variables: new Map(), includes: {} })];
  const reason = `Flyway's initSql is not known: ${reasonOf(initSql)}`;
  const opaque = sql.length > 0 ? [] : [{ kind: "unreadable", reason, origin } as const];
  const step = reading.kind === "step" ? reading : nothingElse;
  return { ...step, sql: [...sql, ...step.sql], opaque: [...opaque, ...step.opaque] };
}

const nothingElse: Extract<ToolReading, { kind: "step" }> = {
  kind: "step",
  subcommand: null,
  destructive: null,
  options: [],
  sql: [],
  opaque: [],
  commands: [],
  connection: null,
};

import type { Word } from "../model/run.ts";
import type { ToolCall, ToolConnection } from "../model/tool.ts";
import type { ParsedArguments } from "./arguments.ts";
import { firstGiven, isGiven, libpqConnection } from "./connection.ts";

/** The connection of PostgreSQL's own programs: -h, -p, -U, -d, or the database as an operand where they take one. */
export function libpqOptions(call: ToolCall, parsed: ParsedArguments, operand: Word): ToolConnection {
  const value = (name: string): Word => parsed.options.findLast((option) => option.name === name)?.value ?? [];
  return libpqConnection(
    {
      hosts: [value("host")].filter(isGiven),
      port: value("port"),
      database: firstGiven(value("dbname"), operand),
      credentials: [value("username")].filter(isGiven),
    },
    call.invocation.env,
  );
}

/** Names of the options given, without those that only say where to connect. */
export function meaningfulNames(parsed: ParsedArguments): readonly string[] {
  const connecting = new Set(["host", "port", "username", "dbname", "password", "no-password", "verbose", "echo"]);
  return [...new Set(parsed.options.map(({ name }) => name))].filter((name) => !connecting.has(name));
}

import type { CommandHit, Opaque } from "../model/run.ts";
import type { ToolCall, ToolConnection, ToolReading } from "../model/tool.ts";
import { splittingArguments } from "./arguments.ts";

/** A step without SQL in sight: a hit if the call destroys by itself, and what cannot be read. */
export function stepWithoutSql(
  call: ToolCall,
  what: {
    readonly options: readonly string[];
    readonly destroys: string | null;
    readonly opaque: readonly Omit<Opaque, "origin">[];
    readonly connection: ToolConnection | null;
  },
): ToolReading {
  const { origin } = call.invocation;
  const commands: readonly CommandHit[] =
    what.destroys === null ? [] : [{ rule: "destructive-command", subject: what.destroys, origin }];
  return {
    kind: "step",
    subcommand: null,
    destructive: what.destroys === null ? null : true,
    options: what.options.toSorted(),
    sql: [],
    opaque: [...what.opaque.map((one) => ({ ...one, origin })), ...splittingArguments(call.args, origin)],
    commands,
    connection: what.connection,
  };
}

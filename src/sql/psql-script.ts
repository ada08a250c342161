import type { SqlText } from "../model/sql.ts";
import type { ScriptEvent } from "./script.ts";

/** Stub. */
export function readPsqlScript(source: string, text: SqlText): readonly ScriptEvent[] {
  return [
    {
      kind: "sql",
      sql: source,
      line: 1,
      column: 1,
      isElsewhere: false,
      stopsOnError: text.stopsOnError,
      isInBranch: false,
      isFilled: false,
    },
  ];
}

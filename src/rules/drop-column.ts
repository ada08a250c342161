import type { Rule, RunState } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";

/** Views have no columns of their own to drop, and those of composite types are `drop-attribute`. */
export const dropColumn: Rule = {
  id: "drop-column",
  title: "Drop a column",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes the column and its data; only a restore brings it back",
  instead: "stop using it now, drop it one release later",
  bad: [
    "ALTER TABLE app.users DROP COLUMN phone;",
    "ALTER TABLE IF EXISTS ONLY app.users DROP COLUMN IF EXISTS phone RESTRICT;",
    "ALTER TABLE app.users ADD COLUMN height int, DROP phone;",
    'ALTER TABLE app."Odd Name" DROP COLUMN "Odd Column";',
    "ALTER TABLE app.users DROP COLUMN email CASCADE;",
    "ALTER TABLE app.users ADD COLUMN IF NOT EXISTS phone text; ALTER TABLE app.users DROP COLUMN phone;",
  ],
  good: [
    "ALTER TABLE app.users ADD COLUMN height int; ALTER TABLE app.users DROP COLUMN height;",
    "CREATE TABLE scratch (id int, note text); ALTER TABLE scratch DROP COLUMN note;",
    "ALTER TABLE app.users ALTER COLUMN phone DROP DEFAULT;",
    "ALTER TABLE app.users RENAME COLUMN phone TO phone_old;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter((alteration) => dropsKeptColumn(alteration, state))
      .map(({ relation, kind, action }) => ({
        subject: shown(relation, action.name),
        ...(kind === "OBJECT_FOREIGN_TABLE" ? foreign : {}),
      })),
};

const foreign = {
  hazard: "compatibility",
  why: "the column is no longer visible through the foreign table; its data stays on the other server",
} as const;

function dropsKeptColumn({ relation, kind, action }: Alteration, state: RunState): boolean {
  if (action.subtype !== "AT_DropColumn" || kind === "OBJECT_TYPE") return false;
  return !isNewHere(relation, state) && !state.columnAddedInRun(relation, action.name ?? "");
}

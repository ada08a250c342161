import type { QualifiedName, Rule, RunState, SubjectHit } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { listed } from "./children.ts";
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
        ...(kind === "OBJECT_FOREIGN_TABLE" ? foreign : takingAlong(relation, action.name ?? "", state)),
      })),
};

/** Indexes and constraints that name the column go with it, and nobody is asked. */
function takingAlong(relation: QualifiedName, column: string, state: RunState): Pick<SubjectHit, "why"> {
  const kinds = ["OBJECT_INDEX", "OBJECT_TABCONSTRAINT"];
  const parts = kinds.flatMap((kind) => state.definitionsOn(relation, kind));
  const names = parts.filter(({ columns }) => columns.includes(column)).map(({ name }) => name);
  const children = state.referencesTo(relation).filter(({ parentColumns }) => parentColumns.includes(column));
  const all = [...new Set([...names, ...children.map(({ name }) => name)])];
  if (all.length === 0) return {};
  return { why: `deletes the column and its data, and with it ${listed(all)}; only a restore brings it back` };
}

const foreign = {
  hazard: "compatibility",
  why: "the column is no longer visible through the foreign table; its data stays on the other server",
} as const;

function dropsKeptColumn({ relation, kind, action }: Alteration, state: RunState): boolean {
  if (action.subtype !== "AT_DropColumn" || kind === "OBJECT_TYPE") return false;
  return !isNewHere(relation, state) && !state.columnAddedInRun(relation, action.name ?? "");
}

import type { Rule } from "../model/rule.ts";
import { dropOf } from "./drops.ts";
import { holdsNothing, isNewHere, nameParts, qualifiedName, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";

/** A partition is a table too. RESTRICT spares dependents, never the rows. */
export const dropTable: Rule = {
  id: "drop-table",
  title: "Drop a table",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes the table and every row in it; only a restore brings them back",
  instead: "rename it now, drop it one release later: ALTER TABLE … RENAME TO …",
  bad: [
    "DROP TABLE app.notes;",
    "DROP TABLE IF EXISTS app.notes RESTRICT;",
    "DROP TABLE app.users CASCADE;",
    "DROP TABLE app.events_2025;",
    'DROP TABLE app.notes, app."Odd Name";',
    "CREATE TABLE IF NOT EXISTS app.notes (id int); DROP TABLE app.notes;",
  ],
  good: [
    "DO $$ BEGIN LOCK TABLE app.blank; IF EXISTS (SELECT 1 FROM app.blank) THEN RAISE EXCEPTION 'not empty'; END IF; DROP TABLE app.blank; END $$;",
    "LOCK TABLE app.blank IN SHARE MODE; DO $$ BEGIN IF EXISTS (SELECT FROM app.blank) THEN RAISE EXCEPTION 'not empty'; END IF; END $$; DROP TABLE app.blank;",
    "CREATE TABLE scratch (id int); INSERT INTO scratch VALUES (1); DROP TABLE scratch;",
    "CREATE TEMPORARY TABLE scratch AS SELECT * FROM app.users; DROP TABLE scratch;",
    "ALTER TABLE app.notes RENAME TO notes_old;",
    "DROP TABLE IF EXISTS pg_temp.scratch;",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_TABLE");
    const names = drop?.objects.map((object) => qualifiedName(nameParts(object))) ?? [];
    // CASCADE takes more than rows
    const isHarmless = drop?.cascade ? isNewHere : holdsNothing;
    return names
      .filter((name) => !isHarmless(name, state))
      .map((name) => ({
        subject: shown(name),
        instead: `ALTER TABLE ${pasted(name)} RENAME TO ${identifier(`${name.name}_old`)} now, drop it one release later`,
      }));
  },
};

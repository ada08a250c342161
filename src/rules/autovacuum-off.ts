import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { isOn, optionsOf } from "./options.ts";
import { pasted } from "./paste.ts";

export const autovacuumOff: Rule = {
  id: "autovacuum-off",
  title: "Switch autovacuum off for a table",
  hazard: "availability",
  phase: "migrate",
  why: "dead rows pile up, queries grow slow, and in the end the server stops all writes to save its transaction ids",
  instead: "let it run gentler instead: SET (autovacuum_vacuum_cost_delay = …)",
  bad: [
    "ALTER TABLE app.notes SET (autovacuum_enabled = false);",
    "ALTER TABLE app.users SET (autovacuum_enabled = off, fillfactor = 90);",
  ],
  good: [
    "ALTER TABLE app.notes SET (autovacuum_enabled = true);",
    "ALTER TABLE app.notes RESET (autovacuum_enabled);",
    "ALTER TABLE app.notes SET (autovacuum_vacuum_scale_factor = 0.01);",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch SET (autovacuum_enabled = false);",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ relation, action: { subtype, def } }) => {
        const options = def !== undefined && "List" in def ? optionsOf(def.List.items) : [];
        const isOff = options.some((option) => option.defname === "autovacuum_enabled" && !isOn(option));
        return subtype === "AT_SetRelOptions" && isOff && !isNewHere(relation, state);
      })
      .map(({ relation }) => ({
        subject: shown(relation),
        instead: `ALTER TABLE ${pasted(relation)} SET (autovacuum_vacuum_cost_delay = 20): gentler, not off`,
      })),
};

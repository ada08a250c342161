import type { Node } from "@pgsql/types";
import type { Rule, RunState, SubjectHit } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { isOn, optionsOf } from "./options.ts";
import { pasted } from "./paste.ts";

export const vacuumFull: Rule = {
  id: "vacuum-full",
  title: "Rewrite a table with VACUUM FULL",
  hazard: "availability",
  phase: "migrate",
  why: "nobody can read or write the table (ACCESS EXCLUSIVE lock) until all of it is copied",
  instead: "VACUUM, which frees the space for new rows; pg_repack gives it back without the lock",
  bad: ["VACUUM FULL app.users;", "VACUUM (FULL, ANALYZE);"],
  good: ["VACUUM app.users;", "VACUUM (FULL false, ANALYZE) app.users;"],
  check(statement, state) {
    if (!isTagged(statement, "VacuumStmt") || !statement.node.is_vacuumcmd) return [];
    const { options, rels = [] } = statement.node;
    if (!optionsOf(options).some((option) => option.defname === "full" && isOn(option))) return [];
    return rels.length === 0 ? [{ subject: "every table" }] : rels.flatMap((rel) => hitOf(rel, state));
  },
};

function hitOf(rel: Node, state: RunState): readonly SubjectHit[] {
  if (!("VacuumRelation" in rel)) return [];
  const table = relationName(rel.VacuumRelation.relation);
  if (isNewHere(table, state)) return [];
  return [
    {
      subject: shown(table),
      instead: `VACUUM (ANALYZE) ${pasted(table)}; pg_repack gives space back without the lock`,
    },
  ];
}

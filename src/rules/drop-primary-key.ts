import type { Rule, RunState, Statement } from "../model/rule.ts";
import { addedConstraints } from "./added-constraints.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { pasted } from "./paste.ts";

/** Told by its name: PostgreSQL's own ends in _pkey. That the guard goes is `drop-constraint`. */
export const dropPrimaryKey: Rule = {
  id: "drop-primary-key",
  title: "Drop the primary key that replication finds rows by",
  hazard: "recoverability",
  phase: "contract",
  why: "the table loses its replica identity: updates and deletes fail while it is published, and subscribers cannot follow",
  instead: "in one statement: DROP CONSTRAINT …, ADD PRIMARY KEY USING INDEX of a unique index built before",
  bad: ["ALTER TABLE app.orders DROP CONSTRAINT orders_pkey;"],
  good: [
    "ALTER TABLE app.users DROP CONSTRAINT users_age_check;",
    "CREATE UNIQUE INDEX orders_id2 ON app.orders (id); ALTER TABLE app.orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY USING INDEX orders_id2;",
    "CREATE TABLE scratch (id int PRIMARY KEY); ALTER TABLE scratch DROP CONSTRAINT scratch_pkey;",
  ],
  check(statement, state) {
    if (hasSuccessor(statement, state)) return [];
    return alterations(statement)
      .filter((alteration) => dropsPrimaryKey(alteration) && !isNewHere(alteration.relation, state))
      .map(({ relation, action }) => ({
        subject: shown(relation, action.name),
        instead: `add to the statement: ADD PRIMARY KEY USING INDEX …; or ALTER TABLE ${pasted(relation)} REPLICA IDENTITY FULL before it`,
      }));
  },
};

function dropsPrimaryKey({ action: { subtype, name = "" } }: Alteration): boolean {
  return subtype === "AT_DropConstraint" && /_(pkey|pk)$|^(pk_|PK_)/.test(name);
}

function hasSuccessor(statement: Statement, state: RunState): boolean {
  return addedConstraints(statement, state, "CONSTR_PRIMARY").length > 0;
}

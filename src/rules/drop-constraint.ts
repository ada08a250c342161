import type { Rule, RunState, Statement, SubjectHit } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { cascadeHit } from "./drops.ts";
import { isNewHere, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

/** A primary key's CASCADE takes foreign keys, and views grouped by it with the materialized ones (executed: oracle). */
export const dropConstraint: Rule = {
  id: "drop-constraint",
  title: "Drop a constraint",
  hazard: "integrity",
  phase: "contract",
  why: "rows that break it can be written from now on; putting it back fails once there are any",
  instead: "add the new constraint NOT VALID, VALIDATE it, drop the old one last",
  bad: [
    "ALTER TABLE app.users DROP CONSTRAINT users_age_check;",
    "ALTER TABLE app.orders DROP CONSTRAINT IF EXISTS orders_user_fk RESTRICT;",
    "ALTER TABLE app.users DROP CONSTRAINT users_pkey CASCADE;",
    "ALTER DOMAIN app.zip DROP CONSTRAINT zip_form;",
  ],
  good: [
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name <> '') NOT VALID;",
    "ALTER TABLE app.users RENAME CONSTRAINT users_age_check TO users_age_positive;",
    "CREATE TABLE scratch (id int CONSTRAINT c CHECK (id > 0)); ALTER TABLE scratch DROP CONSTRAINT c;",
  ],
  check: (statement, state) => [...ofTables(statement, state), ...ofDomain(statement, state)],
};

function ofTables(statement: Statement, state: RunState): readonly SubjectHit[] {
  return alterations(statement)
    .filter(({ relation, action }) => action.subtype === "AT_DropConstraint" && !isNewHere(relation, state))
    .map(({ relation, action }) => {
      const subject = shown(relation, action.name);
      return action.behavior === "DROP_CASCADE" ? cascadeHit(subject) : { subject };
    });
}

/** The grammar takes CASCADE here, but nothing depends on a domain's constraint. `X`: drop constraint. */
function ofDomain(statement: Statement, state: RunState): readonly SubjectHit[] {
  if (!isTagged(statement, "AlterDomainStmt") || statement.node.subtype !== "X") return [];
  const domain = qualifiedName(strings(statement.node.typeName));
  return isNewHere(domain, state) ? [] : [{ subject: shown(domain, statement.node.name) }];
}

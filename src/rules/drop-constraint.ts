import type { Constraint } from "@pgsql/types";
import type { Rule, RunState, Statement, SubjectHit } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { cascadeHit } from "./drops.ts";
import { isNewHere, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { isNode } from "./remade.ts";
import { isCovered, isUnenforced } from "./weaker.ts";

/** A primary key's CASCADE takes foreign keys, and views grouped by it with the materialized ones (executed: oracle). */
export const dropConstraint: Rule = {
  id: "drop-constraint",
  title: "Drop a constraint",
  hazard: "integrity",
  phase: "contract",
  why: "rows that break it can be written from now on; putting it back fails once there are any",
  instead: "add the new constraint NOT VALID, VALIDATE it, drop the old one last",
  bad: [
    "ALTER TABLE app.users DROP CONSTRAINT users_age_check, ADD CONSTRAINT users_age_check CHECK (age > -9);",
    "ALTER TABLE app.users DROP CONSTRAINT users_age_check;",
    "ALTER TABLE app.orders DROP CONSTRAINT IF EXISTS orders_user_fk RESTRICT;",
    "ALTER TABLE app.users DROP CONSTRAINT users_pkey CASCADE;",
    "ALTER DOMAIN app.zip DROP CONSTRAINT zip_form;",
  ],
  good: [
    "ALTER TABLE app.orders DROP CONSTRAINT orders_user_fk, ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE ON UPDATE CASCADE;",
    "ALTER TABLE app.users ADD CONSTRAINT old CHECK (age > 1); ALTER TABLE app.users DROP CONSTRAINT old;",
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID; ALTER TABLE app.users VALIDATE CONSTRAINT named; ALTER TABLE app.users ALTER name SET NOT NULL; ALTER TABLE app.users DROP CONSTRAINT named;",
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name <> '') NOT VALID;",
    "ALTER TABLE app.users RENAME CONSTRAINT users_age_check TO users_age_positive;",
    "CREATE TABLE scratch (id int CONSTRAINT c CHECK (id > 0)); ALTER TABLE scratch DROP CONSTRAINT c;",
  ],
  check: (statement, state) => [...ofTables(statement, state), ...ofDomain(statement, state)],
};

function ofTables(statement: Statement, state: RunState): readonly SubjectHit[] {
  return alterations(statement)
    .filter(({ relation, action }) => action.subtype === "AT_DropConstraint" && !isNewHere(relation, state))
    .filter(({ relation, action }) => !state.madeHere("OBJECT_TABCONSTRAINT", relation, action.name ?? ""))
    .map((alteration) => ofTable(alteration, state));
}

function ofTable({ relation, action: { name = "", behavior } }: Alteration, state: RunState): SubjectHit {
  const hit = { subject: shown(relation, name) };
  if (behavior === "DROP_CASCADE") return cascadeHit(hit.subject);
  const before = state.definition("OBJECT_TABCONSTRAINT", relation, name);
  return {
    ...hit,
    settle: (end) => {
      if (isNode<Constraint>(before) && isCovered(before, relation, end)) return null;
      const after = end.definition("OBJECT_TABCONSTRAINT", relation, name);
      if (!isNode<Constraint>(after)) return hit;
      // a foreign key that comes back as one is for `weakened-foreign-key` to judge
      const wasForeignKey = !isNode<Constraint>(before) || before.contype === "CONSTR_FOREIGN";
      const isForeignKey = after.contype === "CONSTR_FOREIGN" && wasForeignKey && !isUnenforced(after);
      return isForeignKey ? null : { ...hit, why: changed };
    },
  };
}

const changed =
  "it comes back otherwise, or with what it was out of sight: rows that broke the old one may pass the new one";

/** The grammar takes CASCADE here, but nothing depends on a domain's constraint. `X`: drop constraint. */
function ofDomain(statement: Statement, state: RunState): readonly SubjectHit[] {
  if (!isTagged(statement, "AlterDomainStmt") || statement.node.subtype !== "X") return [];
  const domain = qualifiedName(strings(statement.node.typeName));
  const isNew = state.madeHere("OBJECT_TYPE", domain);
  return isNew || state.madeHere("OBJECT_DOMCONSTRAINT", domain, statement.node.name ?? "")
    ? []
    : [{ subject: shown(domain, statement.node.name) }];
}

import type { AlterDomainStmt, Constraint } from "@pgsql/types";
import type { Rule, RunState, SubjectHit } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { isNewHere, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { isNode } from "./remade.ts";
import { isUnenforced, notNullColumn } from "./weaker.ts";

export const setNotNull: Rule = {
  id: "set-not-null",
  title: "Forbid nulls in a column",
  hazard: "compatibility",
  phase: "contract",
  why: "fails if there is a null, and writes of the running release that leave the column out fail from now on",
  instead:
    "ship the release that always writes it first; then ADD CONSTRAINT … CHECK (c IS NOT NULL) NOT VALID, VALIDATE, SET NOT NULL",
  bad: [
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID; ALTER TABLE app.users ALTER name SET NOT NULL;",
    "ALTER TABLE app.users ALTER COLUMN name SET NOT NULL;",
    "ALTER TABLE app.users ADD CONSTRAINT named NOT NULL name NOT VALID;",
    "ALTER DOMAIN app.mark SET NOT NULL;",
  ],
  good: [
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID; ALTER TABLE app.users VALIDATE CONSTRAINT named; ALTER TABLE app.users ALTER name SET NOT NULL;",
    "ALTER TABLE app.users ALTER COLUMN phone SET DEFAULT 'none';",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ALTER id SET NOT NULL;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterDomainStmt")) return ofDomain(statement.node);
    return alterations(statement)
      .filter(({ relation }) => !isNewHere(relation, state))
      .flatMap((alteration) =>
        required(alteration)
          .filter((column) => !isProven(alteration, column, state))
          .map((column) => ({ subject: shown(alteration.relation, column) })),
      );
  },
};

/** The run has made and validated CHECK (c IS NOT NULL): who writes nulls has failed since then. */
function isProven({ relation, action }: Alteration, column: string, state: RunState): boolean {
  if (action.subtype !== "AT_SetNotNull") return false;
  const checks = state.definitionsOn(relation, "OBJECT_TABCONSTRAINT").map(({ node }) => node);
  return checks.some(
    (check) =>
      isNode<Constraint>(check) &&
      notNullColumn(check) === column &&
      check.skip_validation !== true &&
      !isUnenforced(check),
  );
}

/** `O`: SET NOT NULL, `N`: DROP NOT NULL. */
function ofDomain({ subtype, typeName }: AlterDomainStmt): readonly SubjectHit[] {
  return subtype === "O" ? [{ subject: shown(qualifiedName(strings(typeName))) }] : [];
}

function required({ action: { subtype, name = "", def } }: Alteration): readonly string[] {
  if (subtype === "AT_SetNotNull") return [name];
  if (subtype !== "AT_AddConstraint" || def === undefined || !("Constraint" in def)) return [];
  return def.Constraint.contype === "CONSTR_NOTNULL" ? strings(def.Constraint.keys) : [];
}

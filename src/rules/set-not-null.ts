import type { AlterDomainStmt } from "@pgsql/types";
import type { Rule, RunState, SubjectHit } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { isNewHere, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { identifier, pasted } from "./paste.ts";
import { isProvenNotNull } from "./proven-not-null.ts";

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
          .map((column) => hitOf(alteration, column)),
      );
  },
};

/** Who writes nulls has failed since the CHECK is there. */
function isProven({ relation, action }: Alteration, column: string, state: RunState): boolean {
  return action.subtype === "AT_SetNotNull" && isProvenNotNull(relation, column, state);
}

function hitOf({ relation, action: { subtype } }: Alteration, column: string): SubjectHit {
  const subject = shown(relation, column);
  if (subtype !== "AT_SetNotNull") return { subject };
  const check = `ADD CHECK (${identifier(column)} IS NOT NULL) NOT VALID`;
  const order = "once every release writes it";
  return { subject, instead: `${order}: ALTER TABLE ${pasted(relation)} ${check}, VALIDATE it, then this` };
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

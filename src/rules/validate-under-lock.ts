import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";

export const validateUnderLock: Rule = {
  id: "validate-under-lock",
  title: "Validate a constraint in the transaction that added it",
  hazard: "availability",
  phase: "expand",
  why: "the lock of ADD CONSTRAINT (SHARE ROW EXCLUSIVE or ACCESS EXCLUSIVE) is held while every row is checked, as if without NOT VALID",
  instead: "VALIDATE CONSTRAINT in a migration of its own",
  bad: [
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name <> '') NOT VALID; ALTER TABLE app.users VALIDATE CONSTRAINT named;",
  ],
  good: [
    "ALTER TABLE app.users VALIDATE CONSTRAINT users_age_check;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD CONSTRAINT c CHECK (id > 0) NOT VALID; ALTER TABLE scratch VALIDATE CONSTRAINT c;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ action }) => action.subtype === "AT_ValidateConstraint")
      .filter(({ relation }) => state.history.lockHeld(relation) !== null && !isNewHere(relation, state))
      .map(({ relation, action: { name = "" } }) => ({
        subject: shown(relation, name),
        instead: `in a migration of its own: ALTER TABLE ${pasted(relation)} VALIDATE CONSTRAINT ${identifier(name)}`,
      })),
};

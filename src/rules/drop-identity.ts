import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";

export const dropIdentity: Rule = {
  id: "drop-identity",
  title: "Let a column no longer number its rows",
  hazard: "compatibility",
  phase: "contract",
  why: "inserts of the running release that leave the column out fail, and which numbers were handed out is forgotten",
  instead: "give it another default in the same transaction, or drop it once every release writes the column itself",
  bad: [
    "ALTER TABLE app.users ALTER COLUMN id DROP IDENTITY;",
    "ALTER TABLE app.users ALTER id DROP IDENTITY IF EXISTS;",
  ],
  good: [
    "ALTER TABLE app.users ALTER COLUMN id SET GENERATED ALWAYS;",
    "CREATE TABLE scratch (id int GENERATED ALWAYS AS IDENTITY); ALTER TABLE scratch ALTER id DROP IDENTITY;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ relation, action }) => action.subtype === "AT_DropIdentity" && !isNewHere(relation, state))
      .map(({ relation, action: { name = "" } }) => ({
        subject: shown(relation, name),
        instead: `in the same transaction: ALTER TABLE ${pasted(relation)} ALTER ${identifier(name)} SET DEFAULT nextval('…')`,
      })),
};

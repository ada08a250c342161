import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { definedFunction } from "./definitions.ts";
import { isNewHere, nameParts, qualifiedName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const changeOwner: Rule = {
  id: "change-owner",
  title: "Give an object to another owner",
  hazard: "note",
  phase: "contract",
  why: "the old owner keeps only what it was granted: a release or migration that runs as that role may fail",
  instead: "GRANT the old owner what it needs in the same transaction",
  bad: [
    "ALTER TABLE app.notes OWNER TO writer;",
    "ALTER SCHEMA hollow OWNER TO writer;",
    "ALTER FUNCTION app.plain_function() OWNER TO writer;",
  ],
  good: [
    "CREATE TABLE scratch (id int); ALTER TABLE scratch OWNER TO writer;",
    "CREATE FUNCTION app.fresh() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION app.fresh() OWNER TO writer;",
    "GRANT SELECT ON app.orders TO writer;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterOwnerStmt")) {
      const { object } = statement.node;
      const name = qualifiedName(object === undefined ? [] : nameParts(object));
      return name.name === "" || definedFunction(name, state) !== undefined ? [] : [{ subject: shown(name) }];
    }
    return alterations(statement)
      .filter(({ relation, action }) => action.subtype === "AT_ChangeOwner" && !isNewHere(relation, state))
      .map(({ relation }) => ({ subject: shown(relation) }));
  },
};

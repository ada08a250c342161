import type { Rule } from "../model/rule.ts";
import { isNewHere, nameParts, qualifiedName, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const setSchema: Rule = {
  id: "set-schema",
  title: "Move an object to another schema",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release look for it in the old schema and fail",
  instead: "keep the old name as a view (or a function) on the new place until no release uses it",
  bad: [
    "ALTER TABLE app.notes SET SCHEMA archive;",
    "ALTER VIEW IF EXISTS app.user_names SET SCHEMA archive;",
    "ALTER FUNCTION app.plain_function() SET SCHEMA archive;",
    "ALTER TYPE app.unused SET SCHEMA archive;",
    "ALTER EXTENSION citext SET SCHEMA tools;",
  ],
  good: [
    "CREATE TABLE scratch (id int); ALTER TABLE scratch SET SCHEMA archive;",
    "ALTER TABLE app.notes SET (fillfactor = 90);",
  ],
  check(statement, state) {
    if (!isTagged(statement, "AlterObjectSchemaStmt")) return [];
    const { relation, object, objectType = "OBJECT_TABLE" } = statement.node;
    const name = object === undefined ? relationName(relation) : qualifiedName(nameParts(object));
    const isNew = (object === undefined && isNewHere(name, state)) || state.madeHere(objectType, name);
    return isNew ? [] : [{ subject: shown(name) }];
  },
};

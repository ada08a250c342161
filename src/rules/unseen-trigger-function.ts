import type { QualifiedName, Rule, Statement } from "../model/rule.ts";
import { qualifiedName } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

/** Trigger functions of PostgreSQL and its own extensions: they change the row at hand, or refuse it. */
const known = new Set(
  (
    "suppress_redundant_updates_trigger tsvector_update_trigger tsvector_update_trigger_column lo_manage moddatetime autoinc " +
    "insert_username check_primary_key check_foreign_key triggered_change_notification"
  ).split(" "),
);

export const unseenTriggerFunction: Rule = {
  id: "unseen-trigger-function",
  title: "Attach a trigger whose function is out of sight",
  hazard: "opaque",
  phase: "migrate",
  why: "the function runs at every such write from now on, and what it does cannot be seen here",
  instead: "keep the function's definition among the files: CREATE OR REPLACE FUNCTION",
  bad: [
    "CREATE TRIGGER other BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
    "CREATE EVENT TRIGGER other ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS') EXECUTE FUNCTION app.watch();",
  ],
  good: [
    "CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.owner := current_user; RETURN NEW; END'; CREATE TRIGGER other BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
    "CREATE TRIGGER other BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();",
  ],
  check(statement) {
    const attached = attachment(statement);
    if (attached === null || known.has(attached.function.name)) return [];
    return [{ subject: attached.name, onFunction: { name: attached.function.name, when: "unseen" } }];
  },
};

/** The trigger, or event trigger, that a statement makes, and its function. */
function attachment(statement: Statement): { readonly name: string; readonly function: QualifiedName } | null {
  if (isTagged(statement, "CreateTrigStmt")) {
    const { relation, trigname = "", funcname } = statement.node;
    return { name: `${relation?.relname ?? ""}.${trigname}`, function: qualifiedName(strings(funcname)) };
  }
  if (!isTagged(statement, "CreateEventTrigStmt")) return null;
  const { trigname = "", funcname } = statement.node;
  return { name: trigname, function: qualifiedName(strings(funcname)) };
}

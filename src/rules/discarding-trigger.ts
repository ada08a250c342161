import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

/** The grammar's bit of BEFORE; none is AFTER. */
const before = 2;

export const discardingTrigger: Rule = {
  id: "discarding-trigger",
  title: "Attach a trigger that discards writes",
  hazard: "integrity",
  phase: "contract",
  why: "its function answers NULL and does nothing else: writes of the running release report success and do nothing",
  instead: "revoke the right to write, or RAISE EXCEPTION, so that writes fail loudly",
  bad: [
    "CREATE FUNCTION app.mute() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER mute BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.mute();",
    "CREATE FUNCTION app.mute() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF TG_OP = ''DELETE'' THEN RETURN NULL; END IF; RAISE NOTICE ''no''; RETURN NULL; END'; CREATE TRIGGER mute BEFORE DELETE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.mute();",
  ],
  good: [
    "CREATE FUNCTION app.mute() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER mute AFTER INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.mute();",
    "CREATE FUNCTION app.mute() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER mute BEFORE INSERT ON app.notes EXECUTE FUNCTION app.mute();",
    "CREATE FUNCTION app.loud() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; RETURN NULL; END'; CREATE TRIGGER loud BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.loud();",
    "CREATE FUNCTION app.route() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO app.incoming VALUES (NEW.id, NEW.body); RETURN NULL; END'; CREATE TRIGGER route BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.route();",
    "CREATE FUNCTION app.few() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id < 0 THEN RETURN NULL; END IF; RETURN NEW; END'; CREATE TRIGGER few BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.few();",
  ],
  check(statement, state) {
    if (!isTagged(statement, "CreateTrigStmt")) return [];
    const { relation, funcname, row, timing } = statement.node;
    const table = relationName(relation);
    if (row !== true || timing !== before || isNewHere(table, state)) return [];
    return [{ subject: shown(table), onFunction: { name: strings(funcname).at(-1) ?? "", when: "discards" } }];
  },
};

import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const discardingRule: Rule = {
  id: "discarding-rule",
  title: "Make a rule that discards writes",
  hazard: "integrity",
  phase: "contract",
  why: "inserts, updates or deletes of the running release report success and do nothing",
  instead: "revoke the right to write, so that writes fail loudly",
  bad: ["CREATE RULE mute AS ON INSERT TO app.notes DO INSTEAD NOTHING;"],
  good: [
    "CREATE RULE noted AS ON INSERT TO app.notes DO ALSO NOTHING;",
    "CREATE TABLE scratch (id int); CREATE RULE mute AS ON INSERT TO scratch DO INSTEAD NOTHING;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "RuleStmt")) return [];
    const { relation, instead, actions = [] } = statement.node;
    const name = relationName(relation);
    return instead && actions.length === 0 && !isNewHere(name, state) ? [{ subject: shown(name) }] : [];
  },
};

import type { Rule, SubjectHit } from "../model/rule.ts";
import { truncatedChildHits } from "./children.ts";
import { holdsNothing, isNewHere, nameParts, qualifiedName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { keepFirst } from "./paste.ts";

export const truncate: Rule = {
  id: "truncate",
  title: "Empty a table",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes every row of the table; only a restore brings them back",
  instead: "delete the rows you mean by key, or swap in a new table and keep the old one for a release",
  bad: [
    "TRUNCATE app.notes;",
    "TRUNCATE TABLE ONLY app.notes RESTART IDENTITY;",
    "TRUNCATE app.users CASCADE;",
    "TRUNCATE app.events;",
    'TRUNCATE app.notes, app."Odd Name";',
  ],
  good: [
    "CREATE TABLE scratch (id int); INSERT INTO scratch VALUES (1); TRUNCATE scratch;",
    "CREATE TEMPORARY TABLE scratch AS SELECT * FROM app.users; TRUNCATE scratch;",
    "DELETE FROM app.notes WHERE id = 1;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "TruncateStmt")) return [];
    const { relations = [], behavior } = statement.node;
    return relations
      .map((relation) => qualifiedName(nameParts(relation)))
      .filter((name) => !(behavior === "DROP_CASCADE" ? isNewHere : holdsNothing)(name, state))
      .flatMap((name): SubjectHit[] => {
        const hit = { subject: shown(name), instead: keepFirst(name, "all") };
        return behavior === "DROP_CASCADE"
          ? [{ ...hit, ...withDependents }, ...truncatedChildHits(name, state)]
          : [hit];
      });
  },
};

const withDependents = {
  why: "deletes every row of the table and of every table that references it; only a restore brings them back",
};

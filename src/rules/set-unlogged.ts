import type { Rule } from "../model/rule.ts";
import { alterationHits } from "./alterations.ts";

export const setUnlogged: Rule = {
  id: "set-unlogged",
  title: "Make a table unlogged",
  hazard: "recoverability",
  phase: "contract",
  why: "a crash empties the table, replicas hold none of it, and no restore brings its rows back",
  instead: "keep it logged; use an unlogged table only for what can be computed again",
  bad: ["ALTER TABLE app.notes SET UNLOGGED;"],
  good: [
    "ALTER TABLE app.cache SET LOGGED;",
    "CREATE UNLOGGED TABLE scratch (id int);",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch SET UNLOGGED;",
  ],
  check: (statement, state) => alterationHits(statement, state, "AT_SetUnLogged"),
};

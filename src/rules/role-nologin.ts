import type { Rule } from "../model/rule.ts";
import { roleChangeOf } from "./role-options.ts";

export const roleNologin: Rule = {
  id: "role-nologin",
  title: "Stop a role from logging in",
  hazard: "compatibility",
  phase: "contract",
  why: "a release that connects as this role is locked out",
  instead: "check that nothing connects as it any more",
  bad: ["ALTER ROLE writer NOLOGIN;"],
  good: ["ALTER ROLE reader LOGIN;", "CREATE ROLE fresh NOLOGIN;"],
  check(statement) {
    const change = roleChangeOf(statement);
    const locksOut = change !== null && !change.isNew && change.switches.get("canlogin") === false;
    return locksOut ? [{ subject: change.role }] : [];
  },
};

import type { Rule } from "../model/rule.ts";
import { renameHits } from "./renames.ts";

export const renameRole: Rule = {
  id: "rename-role",
  title: "Rename a role",
  hazard: "compatibility",
  phase: "contract",
  why: "whoever logs in by the old name is locked out; an MD5 password is cleared as well",
  instead: "create the new role beside it, grant it the old one, move the releases over, drop the old one later",
  bad: ["ALTER ROLE reader RENAME TO viewer;", "ALTER USER writer RENAME TO editor;"],
  good: ["CREATE ROLE viewer; GRANT reader TO viewer;"],
  check: (statement, state) => renameHits(statement, state, "OBJECT_ROLE"),
};

import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";
import { optionsOf } from "./options.ts";

export const updateExtension: Rule = {
  id: "update-extension",
  title: "Update an extension",
  hazard: "note",
  phase: "migrate",
  why: "runs the extension's own script, which may change functions, types and tables; there is no way back to the old version",
  instead: "say which version (UPDATE TO …) and read its release notes; try it on a copy first",
  bad: ["ALTER EXTENSION postgis UPDATE;", "ALTER EXTENSION postgis UPDATE TO '3.5.0';"],
  good: ["CREATE EXTENSION IF NOT EXISTS citext;", "ALTER EXTENSION citext SET SCHEMA tools;"],
  check(statement) {
    if (!isTagged(statement, "AlterExtensionStmt")) return [];
    const { extname = "", options } = statement.node;
    const isPinned = optionsOf(options).some((option) => option.defname === "new_version");
    return [{ subject: extname, ...(isPinned ? {} : { why: newest }) }];
  },
};

const newest = "runs the scripts up to whatever version the image holds; there is no way back to the old one";

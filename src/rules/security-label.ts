import type { Rule } from "../model/rule.ts";
import { nameParts, qualifiedName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const securityLabel: Rule = {
  id: "security-label",
  title: "Change or remove a security label",
  hazard: "privilege",
  phase: "contract",
  why: "who may reach the object, or what is masked in it, is decided by the label: rights may widen",
  instead: "let the operator of the label provider (SELinux, anonymizer) change it",
  bad: ["SECURITY LABEL FOR anon ON TABLE app.users IS NULL;", "SECURITY LABEL ON ROLE reader IS 'MASKED';"],
  good: ["COMMENT ON TABLE app.users IS 'people';"],
  check(statement) {
    if (!isTagged(statement, "SecLabelStmt")) return [];
    const { object, provider = "" } = statement.node;
    const name = object === undefined ? "" : shown(qualifiedName(nameParts(object)));
    return [{ subject: name === "" ? `label ${provider}` : name }];
  },
};

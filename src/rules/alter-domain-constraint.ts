import type { AlterDomainStmt } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { identifier, pasted } from "./paste.ts";

export const alterDomainConstraint: Rule = {
  id: "alter-domain-constraint",
  title: "Hold a domain's new constraint against every row at once",
  hazard: "availability",
  phase: "contract",
  why: "writes to every table with a column of this domain wait (SHARE lock) while all rows are read; fails if one breaks it",
  instead: "ADD CONSTRAINT … NOT VALID, then VALIDATE it in a transaction of its own",
  bad: ["ALTER DOMAIN app.zip ADD CONSTRAINT short CHECK (length(VALUE) < 9);", "ALTER DOMAIN app.mark SET NOT NULL;"],
  good: [
    "ALTER DOMAIN app.zip ADD CONSTRAINT short CHECK (length(VALUE) < 9) NOT VALID;",
    "ALTER DOMAIN app.mark SET DEFAULT 1;",
    "CREATE DOMAIN app.fresh AS int CHECK (VALUE > 0);",
  ],
  check(statement) {
    if (!isTagged(statement, "AlterDomainStmt") || !reads(statement.node)) return [];
    const domain = qualifiedName(strings(statement.node.typeName));
    const name = identifier(`${domain.name}_valid`);
    const instead = `ALTER DOMAIN ${pasted(domain)} ADD CONSTRAINT ${name} CHECK (…) NOT VALID; then VALIDATE CONSTRAINT ${name}`;
    return [{ subject: shown(domain), instead }];
  },
};

/** `C`: add constraint, `O`: set not null. */
function reads({ subtype, def }: AlterDomainStmt): boolean {
  if (subtype !== "C") return subtype === "O";
  return def !== undefined && "Constraint" in def && !def.Constraint.skip_validation;
}

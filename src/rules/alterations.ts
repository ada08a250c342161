import type { AlterTableCmd, AlterTableType, ObjectType } from "@pgsql/types";
import type { QualifiedName, RunState, Statement, SubjectHit } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** One action of an ALTER TABLE (or VIEW, TYPE, FOREIGN TABLE, …: `kind` tells). */
export interface Alteration {
  readonly relation: QualifiedName;
  readonly kind: ObjectType;
  readonly action: AlterTableCmd;
}

/** The statement's actions, in order; none if it alters no relation. */
export function alterations(statement: Statement): readonly Alteration[] {
  if (!isTagged(statement, "AlterTableStmt")) return [];
  const { relation, objtype = "OBJECT_TABLE", cmds = [] } = statement.node;
  return cmds.flatMap((node) =>
    "AlterTableCmd" in node ? [{ relation: relationName(relation), kind: objtype, action: node.AlterTableCmd }] : [],
  );
}

/** One hit for each action of these kinds on a relation that was there before this text: "table" or "table.column". */
export function alterationHits(
  statement: Statement,
  state: RunState,
  ...kinds: readonly AlterTableType[]
): SubjectHit[] {
  return alterations(statement)
    .filter(({ action: { subtype } }) => subtype !== undefined && kinds.includes(subtype))
    .filter(({ relation }) => !isNewHere(relation, state))
    .map(({ relation, action }) => ({ subject: shown(relation, action.name) }));
}

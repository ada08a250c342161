import type { AlterTableCmd, ObjectType } from "@pgsql/types";
import type { QualifiedName, Statement } from "../model/rule.ts";
import { relationName } from "./names.ts";
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

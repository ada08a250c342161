import type { Constraint, ConstrType } from "@pgsql/types";
import type { QualifiedName, RunState, Statement } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere } from "./names.ts";

/** A constraint that ALTER TABLE adds to a table that was there before, by itself or with a new column ("" if by itself). */
export interface AddedConstraint {
  readonly table: QualifiedName;
  readonly column: string;
  readonly constraint: Constraint;
}

/** Constraints of these kinds that the statement adds, in order. */
export function addedConstraints(
  statement: Statement,
  state: RunState,
  ...kinds: readonly ConstrType[]
): readonly AddedConstraint[] {
  return alterations(statement).flatMap(({ relation: table, action: { subtype, def } }) => {
    if (def === undefined || isNewHere(table, state)) return [];
    const column = subtype === "AT_AddColumn" && "ColumnDef" in def ? def.ColumnDef : null;
    const nodes = column?.constraints ?? (subtype === "AT_AddConstraint" ? [def] : []);
    return nodes.flatMap((node) => {
      const constraint = "Constraint" in node ? node.Constraint : {};
      const isWanted = constraint.contype !== undefined && kinds.includes(constraint.contype);
      return isWanted ? [{ table, column: column?.colname ?? "", constraint }] : [];
    });
  });
}

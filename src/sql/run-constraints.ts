import type { ForeignKey, QualifiedName } from "../model/rule.ts";
import { columnsIn } from "./object-definitions.ts";
import { columnKey, type Fields, type Memory, rangeName, resolved, type Standing } from "./run-memory.ts";
import { noteMade } from "./run-objects.ts";
import { nameParts } from "./tree.ts";

/** A constraint where it stands: in a column's definition (`column`), or on the table. */
export interface PlacedConstraint {
  readonly table: QualifiedName;
  readonly constraint: Fields;
  readonly column: unknown;
  readonly standing: Standing;
}

const suffixes: Readonly<Record<string, string>> = {
  CONSTR_CHECK: "check",
  CONSTR_PRIMARY: "pkey",
  CONSTR_UNIQUE: "key",
  CONSTR_EXCLUSION: "excl",
  CONSTR_FOREIGN: "fkey",
  CONSTR_NOTNULL: "not_null",
};

function columnsOf({ constraint, column }: PlacedConstraint): readonly string[] {
  if (typeof column === "string") return [column];
  const named = [...nameParts(constraint["keys"]), ...nameParts(constraint["fk_attrs"])];
  return named.length > 0 ? named : [...columnsIn(constraint["raw_expr"]), ...columnsIn(constraint["exclusions"])];
}

/** The name PostgreSQL gives to a constraint that is written without one. */
function nameOf({ table, constraint }: PlacedConstraint, columns: readonly string[]): string {
  if (typeof constraint["conname"] === "string") return constraint["conname"];
  const middle = constraint["contype"] === "CONSTR_PRIMARY" ? [] : [...new Set(columns)];
  return [table.name, ...middle, suffixes[String(constraint["contype"])]].join("_");
}

/** What a constraint says of its table. Keys of a UNIQUE … USING INDEX stand in the index, so they are not known. */
export function noteConstraint(memory: Memory, placed: PlacedConstraint): void {
  const { table, constraint, standing } = placed;
  const kind = String(constraint["contype"]);
  if (!Object.hasOwn(suffixes, kind)) return;
  const columns = columnsOf(placed);
  if (standing === "certain" && (kind === "CONSTR_NOTNULL" || kind === "CONSTR_PRIMARY")) {
    for (const column of columns) memory.notNull.add(columnKey(table, column));
  }
  const part = nameOf(placed, columns);
  const made = { kind: "OBJECT_TABCONSTRAINT", name: table, part, node: constraint, table, columns };
  noteMade(memory, { ...made, isNew: true, isTemporary: false }, standing);
  if (kind === "CONSTR_FOREIGN") noteForeignKey(memory, placed, { columns, name: part });
}

function noteForeignKey(
  memory: Memory,
  { table, constraint }: PlacedConstraint,
  { columns, name }: Pick<ForeignKey, "columns" | "name">,
): void {
  const parent = rangeName(constraint["pktable"]);
  if (parent === null) return;
  const key: ForeignKey = {
    ...{ name, child: table, columns, parent: resolved(memory, parent) },
    parentColumns: nameParts(constraint["pk_attrs"]),
    onDelete: onDelete[String(constraint["fk_del_action"])] ?? "refuses",
  };
  memory.references.set(parent.name, [...(memory.references.get(parent.name) ?? []), key]);
}

const onDelete: Readonly<Record<string, ForeignKey["onDelete"]>> = { c: "deletes", n: "empties", d: "empties" };

/** Foreign keys that are gone for sure. */
export function forgetForeignKeys(memory: Memory, isGone: (key: ForeignKey) => boolean): void {
  for (const [parent, keys] of memory.references) {
    if (keys.some(isGone))
      memory.references.set(
        parent,
        keys.filter((key) => !isGone(key)),
      );
  }
}

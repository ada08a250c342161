import type * as pg from "@pgsql/types";
import type { Statement } from "../model/rule.ts";

/** Parse nodes that rules look at, by their tag in PostgreSQL's grammar. */
export interface StatementNodes {
  readonly AlterDatabaseSetStmt: pg.AlterDatabaseSetStmt;
  readonly AlterDatabaseStmt: pg.AlterDatabaseStmt;
  readonly AlterDefaultPrivilegesStmt: pg.AlterDefaultPrivilegesStmt;
  readonly AlterDomainStmt: pg.AlterDomainStmt;
  readonly AlterEnumStmt: pg.AlterEnumStmt;
  readonly AlterEventTrigStmt: pg.AlterEventTrigStmt;
  readonly AlterExtensionStmt: pg.AlterExtensionStmt;
  readonly AlterFunctionStmt: pg.AlterFunctionStmt;
  readonly AlterObjectSchemaStmt: pg.AlterObjectSchemaStmt;
  readonly AlterOwnerStmt: pg.AlterOwnerStmt;
  readonly AlterPublicationStmt: pg.AlterPublicationStmt;
  readonly AlterRoleSetStmt: pg.AlterRoleSetStmt;
  readonly AlterRoleStmt: pg.AlterRoleStmt;
  readonly AlterSeqStmt: pg.AlterSeqStmt;
  readonly AlterSubscriptionStmt: pg.AlterSubscriptionStmt;
  readonly AlterSystemStmt: pg.AlterSystemStmt;
  readonly AlterTableMoveAllStmt: pg.AlterTableMoveAllStmt;
  readonly AlterTableStmt: pg.AlterTableStmt;
  readonly ClusterStmt: pg.ClusterStmt;
  readonly CopyStmt: pg.CopyStmt;
  readonly CreateEventTrigStmt: pg.CreateEventTrigStmt;
  readonly CreateExtensionStmt: pg.CreateExtensionStmt;
  readonly CreateFunctionStmt: pg.CreateFunctionStmt;
  readonly CreateRoleStmt: pg.CreateRoleStmt;
  readonly CreateStmt: pg.CreateStmt;
  readonly CreateSubscriptionStmt: pg.CreateSubscriptionStmt;
  readonly CreateTableSpaceStmt: pg.CreateTableSpaceStmt;
  readonly CreateTrigStmt: pg.CreateTrigStmt;
  readonly CreateUserMappingStmt: pg.CreateUserMappingStmt;
  readonly CreatedbStmt: pg.CreatedbStmt;
  readonly DeleteStmt: pg.DeleteStmt;
  readonly DropOwnedStmt: pg.DropOwnedStmt;
  readonly DropRoleStmt: pg.DropRoleStmt;
  readonly DropStmt: pg.DropStmt;
  readonly DropSubscriptionStmt: pg.DropSubscriptionStmt;
  readonly DropTableSpaceStmt: pg.DropTableSpaceStmt;
  readonly DropdbStmt: pg.DropdbStmt;
  readonly GrantRoleStmt: pg.GrantRoleStmt;
  readonly GrantStmt: pg.GrantStmt;
  readonly IndexStmt: pg.IndexStmt;
  readonly InsertStmt: pg.InsertStmt;
  readonly LockStmt: pg.LockStmt;
  readonly MergeStmt: pg.MergeStmt;
  readonly ReassignOwnedStmt: pg.ReassignOwnedStmt;
  readonly RefreshMatViewStmt: pg.RefreshMatViewStmt;
  readonly ReindexStmt: pg.ReindexStmt;
  readonly RenameStmt: pg.RenameStmt;
  readonly RuleStmt: pg.RuleStmt;
  readonly SecLabelStmt: pg.SecLabelStmt;
  readonly TransactionStmt: pg.TransactionStmt;
  readonly TruncateStmt: pg.TruncateStmt;
  readonly UpdateStmt: pg.UpdateStmt;
  readonly VacuumStmt: pg.VacuumStmt;
  readonly VariableSetStmt: pg.VariableSetStmt;
  readonly ViewStmt: pg.ViewStmt;
}

/** The parser's promise, in one place: a node under this tag has this shape. */
export function isTagged<Tag extends keyof StatementNodes>(
  statement: Statement,
  tag: Tag,
): statement is Statement & { readonly node: StatementNodes[Tag] } {
  return statement.tag === tag;
}

/** The strings of a list, in order: `{String: {sval}}`, whatever else is in it left out. */
export function strings(nodes: readonly pg.Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ("String" in node ? [node.String.sval ?? ""] : []));
}

/** A type's name as RunState has it: "int4", "app.mood", "varchar(20)", "text[]". */
export function typeText({ names, typmods = [], arrayBounds = [] }: pg.TypeName): string {
  const parts = strings(names);
  const modifiers = typmods.map((node) =>
    "A_Const" in node ? (node.A_Const.ival?.ival ?? (node.A_Const.ival ? 0 : "?")) : "?",
  );
  const name = (parts[0] === "pg_catalog" ? parts.slice(1) : parts).join(".");
  return `${name}${modifiers.length > 0 ? `(${modifiers.join(",")})` : ""}${"[]".repeat(arrayBounds.length)}`;
}

/**
 * Every property below a node with its name. An explicit stack: a parse tree may be a hundred thousand levels deep
 * (left-deep operator chains), deeper than the call stack. What `skip` names is given but not entered.
 */
export function* descendants(
  root: unknown,
  skip: (key: string) => boolean = () => false,
): Generator<readonly [string, unknown]> {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    for (const entry of Object.entries(value)) {
      yield entry;
      if (!skip(entry[0])) open.push(entry[1]);
    }
  }
}

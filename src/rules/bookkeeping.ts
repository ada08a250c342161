import type { Node, RangeVar } from "@pgsql/types";
import { pinnedColumns } from "./keys.ts";

/** Tables in which migration tools note what has run, and the columns that pick one note. Only rows that the tools' own SQL writes. */
const notes: ReadonlyMap<string, readonly string[]> = new Map([
  ["alembic_version", ["version_num"]],
  ["schema_migrations", ["version"]],
  ["ar_internal_metadata", ["key"]],
  ["__EFMigrationsHistory", ["MigrationId"]],
]);

/** An UPDATE or DELETE of one note of a migration tool: UPDATE alembic_version SET … WHERE version_num = '…'. */
export function isBookkeeping(relation: RangeVar | undefined, where: Node | undefined): boolean {
  const pinned = pinnedColumns(where);
  return notes.get(relation?.relname ?? "")?.some((column) => pinned.includes(column)) ?? false;
}

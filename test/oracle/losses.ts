import type { Column, Snapshot, Table } from "./snapshot.ts";

/** What an execution took away, each as one line for people. */
export interface Losses {
  /** tables, columns or values gone as a whole: every row, every value of a column, a type that holds less */
  readonly whole: readonly string[];
  /** single rows gone, single values overwritten */
  readonly some: readonly string[];
  /** nulls that became values */
  readonly filled: readonly string[];
  /** anything but rows and values that is not as it was: "changed notnull 16400.2", "gone trigger 16401" */
  readonly facts: readonly string[];
}

interface Found {
  readonly whole: string[];
  readonly some: string[];
  readonly filled: string[];
}

/** What was there before and is not any more. What is new is no loss, but it is a changed fact. */
export function lossesBetween(before: Snapshot, after: Snapshot): Losses {
  const found: Found = { whole: [], some: [], filled: [] };
  for (const [oid, table] of before.tables) compareTable(table, after.tables.get(oid), found);
  const keys = new Set([...before.facts.keys(), ...after.facts.keys()]);
  const changed = [...keys]
    .filter((key) => before.facts.get(key) !== after.facts.get(key))
    .filter((key) => !key.startsWith("lock ") || before.facts.has(`object relation:${key.split(" ")[1]}`));
  for (const key of changed) if (key.startsWith("large-object") && before.facts.has(key)) found.whole.push(key);
  return { ...found, facts: changed.map((key) => `${changeOf(key, before, after)} ${key}`) };
}

function changeOf(key: string, before: Snapshot, after: Snapshot): "gone" | "new" | "changed" {
  if (!after.facts.has(key)) return "gone";
  return before.facts.has(key) ? "changed" : "new";
}

function compareTable(before: Table, after: Table | undefined, found: Found): void {
  if (before.rows.length === 0) return;
  if (after === undefined) return void found.whole.push(`table ${before.name}`);
  const rowsAfter = new Map(after.rows.map((row) => [row[0], row]));
  const kept = before.rows.filter((row) => rowsAfter.has(row[0]));
  const isKeyGone = before.columns[0]?.number !== after.columns[0]?.number;
  noteRows(before, before.rows.length - (isKeyGone ? after.rows.length : kept.length), found);
  for (const [index, column] of before.columns.entries()) {
    const place = after.columns.findIndex(({ number }) => number === column.number);
    const name = `${before.name}.${column.name}`;
    const pairs = kept.map((row) => [row[index] ?? null, rowsAfter.get(row[0])?.[place] ?? null] as const);
    compareValues(pairs, { ...column, name, typeNow: after.columns[place]?.type ?? null }, found);
    const isGone = place < 0 && before.rows.some((row) => row[index] !== null);
    if (isGone) found.whole.push(`column ${name}`);
  }
}

function noteRows(before: Table, gone: number, found: Found): void {
  if (gone > 0) (gone === before.rows.length ? found.whole : found.some).push(`${gone} rows of ${before.name}`);
}

type Change = Pick<Column, "name" | "type" | "isGenerated"> & { readonly typeNow: string | null };

function compareValues(
  pairs: readonly (readonly [string | null, string | null])[],
  { name, type, typeNow, isGenerated }: Change,
  found: Found,
): void {
  const valued = pairs.filter(([value]) => value !== null);
  const changed = valued.filter(([value, now]) => value !== now).length;
  if (pairs.some(([value, now]) => value === null && now !== null)) found.filled.push(name);
  if (typeNow === null || changed === 0) return;
  const isWhole = type !== typeNow || (changed > 1 && changed === valued.length && !isGenerated);
  (isWhole ? found.whole : found.some).push(`${changed} values of ${name}`);
}

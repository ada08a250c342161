import type { PGlite } from "@electric-sql/pglite";
import { factQueries } from "./facts.ts";

/** Everything a text can take away, by identities that survive renames: oids and column numbers. */
export interface Snapshot {
  /** by oid; tables, partitions and materialized views, not the parents of partitions */
  readonly tables: ReadonlyMap<number, Table>;
  /** objects, guards, rights and settings: "notnull 16400.2" → "true" */
  readonly facts: ReadonlyMap<string, string>;
  readonly sequences: readonly Sequence[];
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** rows as texts in the order of the columns */
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Column {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly isGenerated: boolean;
}

interface Sequence {
  readonly name: string;
  readonly position: string;
  readonly isCalled: boolean;
}

interface TableRow {
  readonly oid: number;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly query: string;
}

const tableQuery = `
  SELECT c.oid::int, c.oid::regclass::text AS name,
    json_agg(json_build_object('number', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'isGenerated', a.attgenerated <> '') ORDER BY a.attnum) AS columns,
    format('SELECT json_build_array(%s) AS row FROM ONLY %s', string_agg(quote_ident(a.attname) || '::text', ', '
      ORDER BY a.attnum), c.oid::regclass) AS query
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND c.relispopulated
    AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  GROUP BY c.oid`;

const sequenceQuery = `
  SELECT c.oid::regclass::text AS name, format('SELECT last_value::text AS position, is_called AS "isCalled" FROM %s',
    c.oid::regclass) AS query FROM pg_class c WHERE c.relkind = 'S' ORDER BY c.oid`;

/** Reads all of it; throws what PostgreSQL throws. */
export async function readSnapshot(database: PGlite): Promise<Snapshot> {
  const tables = new Map<number, Table>();
  for (const { oid, name, columns, query } of (await database.query<TableRow>(tableQuery)).rows) {
    const { rows } = await database.query<{ row: (string | null)[] }>(query);
    tables.set(oid, { name, columns, rows: rows.map(({ row }) => row) });
  }
  const sequences: Sequence[] = [];
  const facts = new Map<string, string>();
  for (const { name, query } of (await database.query<{ name: string; query: string }>(sequenceQuery)).rows) {
    const [state] = (await database.query<Omit<Sequence, "name">>(query)).rows;
    if (state === undefined) continue;
    sequences.push({ name, ...state });
    facts.set(`sequence ${name}`, `${state.position} ${state.isCalled}`);
  }
  const { rows } = await database.query<{ key: string; value: string | null }>(factQuery);
  for (const { key, value } of rows) facts.set(key, value ?? "");
  return { tables, facts, sequences };
}

const factQuery = factQueries.join("\nUNION ALL\n");

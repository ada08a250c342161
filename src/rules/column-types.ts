import type { TypeName } from "@pgsql/types";
import { literal } from "./constants.ts";
import { strings } from "./nodes.ts";

/** A column's type in PostgreSQL's inner names: `int4`, `varchar` with [20], `timestamptz` with [3]. */
export interface ColumnType {
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
  /** true if it is none of PostgreSQL's own: an enum, a domain, a composite type, an extension's */
  readonly isCustom: boolean;
}

/** Names one writes for the inner ones. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["int", "int4"],
  ["integer", "int4"],
  ["serial", "int4"],
  ["serial4", "int4"],
  ["bigint", "int8"],
  ["bigserial", "int8"],
  ["serial8", "int8"],
  ["smallint", "int2"],
  ["smallserial", "int2"],
  ["serial2", "int2"],
  ["decimal", "numeric"],
  ["dec", "numeric"],
  ["real", "float4"],
  ["double precision", "float8"],
  ["float", "float8"],
  ["boolean", "bool"],
  ["character", "bpchar"],
  ["char", "bpchar"],
  ["character varying", "varchar"],
  ["bit varying", "varbit"],
  ["timestamp without time zone", "timestamp"],
  ["timestamp with time zone", "timestamptz"],
  ["time without time zone", "time"],
  ["time with time zone", "timetz"],
]);

const builtins = new Set(
  (
    "int2 int4 int8 numeric float4 float8 bool bpchar varchar text name bit varbit bytea uuid json jsonb xml date time timetz " +
    "timestamp timestamptz interval inet cidr macaddr macaddr8 money oid tsvector tsquery point line lseg box path polygon " +
    "circle int4range int8range numrange tsrange tstzrange daterange pg_lsn regclass citext"
  ).split(" "),
);

/** A type as the parser gives it. */
export function typeOf({ names, typmods = [], arrayBounds = [] }: TypeName): ColumnType {
  const modifiers = typmods.flatMap((node) => {
    const value = literal(node);
    return typeof value === "number" ? [value] : [];
  });
  return columnType(strings(names).join("."), modifiers, arrayBounds.length > 0);
}

/** A type as written: "varchar(20)", "timestamp(3) with time zone", "public.mood[]"; null if that is no type. */
export function parseType(text: string): ColumnType | null {
  const parts = /^([^()[\]]+?)\s*(?:\(([\d\s,-]+)\)\s*([a-z][a-z ]*)?)?((?:\[\d*\])*)$/i.exec(text.trim());
  if (parts === null) return null;
  const [, name = "", modifiers, rest, array = ""] = parts;
  const numbers = modifiers === undefined ? [] : modifiers.split(",").map(Number);
  return columnType(rest === undefined ? name : `${name} ${rest}`, numbers, array !== "");
}

function columnType(written: string, modifiers: readonly number[], isArray: boolean): ColumnType {
  const plain = written.replace(/^pg_catalog\./, "").replace(/\s+/g, " ");
  const name = aliases.get(plain.toLowerCase()) ?? plain;
  const isCustom = !builtins.has(name);
  // character without a length is character(1), and so is bit
  const isOne = modifiers.length === 0 && ((name === "bpchar" && plain !== "bpchar") || name === "bit");
  return { name, modifiers: isOne ? [1] : modifiers, isArray, isCustom };
}

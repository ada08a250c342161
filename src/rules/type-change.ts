import type { ColumnType } from "./column-types.ts";

/**
 * What a change of type does to values that do not fit: nothing (all fit), an error that undoes the run, silent loss, or
 * not known, because the type they have now is not. In rising order of what must be feared.
 */
export const outcomes = ["safe", "refuses", "unknown", "lossy"] as const;
export type Outcome = (typeof outcomes)[number];

/** One conversion; null: the type before is not known. An explicit cast cuts strings where an assignment refuses. */
export function outcomeOf(from: ColumnType | null, to: ColumnType, isExplicit: boolean): Outcome {
  if (isEndlessText(to)) return from?.isArray === false && to.isArray ? "lossy" : "safe";
  if (lengths.has(to.name)) return ofLength(from, to, isExplicit);
  if (from === null) return to.name === "uuid" ? "refuses" : "unknown";
  return from.isArray === to.isArray ? ofPair(from, to) : "lossy";
}

function ofPair(from: ColumnType, to: ColumnType): Outcome {
  if (from.name === to.name && from.modifiers.join() === to.modifiers.join()) return "safe";
  if (isText(from)) return checksText(to) ? "refuses" : "lossy";
  const pair = pairs.get(to.name);
  if (pair !== undefined) return pair(from, to);
  return from.isCustom || to.isCustom ? "unknown" : "lossy";
}

function isEndlessText({ name, modifiers }: ColumnType): boolean {
  return name === "text" || name === "citext" || (name === "varchar" && modifiers.length === 0);
}

function isText({ name, isArray }: ColumnType): boolean {
  return !isArray && ["text", "varchar", "bpchar", "citext", "name"].includes(name);
}

/** Types whose input refuses what it cannot keep; an enum is one. Numbers drop leading zeros, dates their form. */
function checksText({ name, isCustom }: ColumnType): boolean {
  return isCustom || name === "uuid" || name === "json" || name === "xml";
}

/** Types with a length: they refuse what is too long, unless a cast asks to cut it. */
const lengths: ReadonlyMap<string, readonly string[]> = new Map([
  ["varchar", ["varchar", "bpchar"]],
  ["bpchar", ["bpchar", "varchar"]],
  ["bit", ["bit"]],
  ["varbit", ["varbit", "bit"]],
]);

function ofLength(from: ColumnType | null, to: ColumnType, isExplicit: boolean): Outcome {
  const [now, then] = [from?.modifiers[0], to.modifiers[0]];
  const grows = now !== undefined && (then === undefined || now <= then);
  if (from !== null && grows && lengths.get(to.name)?.includes(from.name)) return "safe";
  if (!isExplicit) return "refuses";
  return from === null ? "unknown" : "lossy";
}

/** Digits an integer type needs. */
const integers: ReadonlyMap<string, number> = new Map([
  ["int2", 5],
  ["int4", 10],
  ["int8", 19],
]);

function toInteger(from: ColumnType, to: ColumnType): Outcome {
  const [now, then] = [integers.get(from.name), integers.get(to.name)];
  if (from.name === "bool") return "safe";
  if (now === undefined || then === undefined) return "lossy"; // rounds
  return now <= then ? "safe" : "refuses";
}

/** Digits before and behind the point; endless without modifiers. */
function digits({ modifiers: [precision, scale = 0] }: ColumnType): readonly [number, number] {
  return precision === undefined ? [Infinity, Infinity] : [precision - scale, scale];
}

function toNumeric(from: ColumnType, to: ColumnType): Outcome {
  const [whole, scale] = digits(to);
  const needed = integers.get(from.name);
  if (needed !== undefined) return scale < 0 ? "lossy" : needed <= whole ? "safe" : "refuses";
  if (from.name !== "numeric") return "lossy"; // float8 → numeric keeps 15 digits
  const [wholeNow, scaleNow] = digits(from);
  if (scaleNow > scale) return "lossy";
  return wholeNow <= whole ? "safe" : "refuses";
}

function fromOneOf(...names: readonly string[]): (from: ColumnType) => Outcome {
  return (from) => (names.includes(from.name) ? "safe" : "lossy");
}

/** Fractions of a second, 6 digits unless written; a date has none. */
function toTime(...alsoFrom: readonly string[]): (from: ColumnType, to: ColumnType) => Outcome {
  return (from, to) => {
    if (alsoFrom.includes(from.name)) return "safe";
    return from.name === to.name && (from.modifiers[0] ?? 6) <= (to.modifiers[0] ?? 6) ? "safe" : "lossy";
  };
}

type Pair = (from: ColumnType, to: ColumnType) => Outcome;

const pairs: ReadonlyMap<string, Pair> = new Map<string, Pair>([
  ["int2", toInteger],
  ["int4", toInteger],
  ["int8", toInteger],
  ["numeric", toNumeric],
  ["float4", fromOneOf("int2")],
  ["float8", fromOneOf("int2", "int4", "float4")],
  ["timestamp", toTime("date")],
  ["timestamptz", toTime()],
  ["time", toTime()],
  ["timetz", toTime()],
  ["inet", fromOneOf("cidr")],
  ["json", fromOneOf("jsonb")],
  ["macaddr8", fromOneOf("macaddr")],
]);

import type { QualifiedName } from "../model/rule.ts";
import type { Made, Named } from "./object-definitions.ts";
import { inTemporary, type Memory, meaningsOf, resolved, type Standing, tableKey } from "./run-memory.ts";

const sameKinds: Readonly<Record<string, string>> = {
  OBJECT_PROCEDURE: "OBJECT_FUNCTION",
  OBJECT_ROUTINE: "OBJECT_FUNCTION",
  OBJECT_DOMAIN: "OBJECT_TYPE",
};

/** The key of an object in a Memory; its name as it is, not as the search_path has it. */
function exactKey({ kind, part }: Named, { schema, name }: QualifiedName): string {
  return `${sameKinds[kind] ?? kind}\0${schema}\0${name}\0${part}`;
}

/** Keys of all that the name may mean, the likeliest first. */
export function objectKeys(memory: Memory, named: Named): readonly string[] {
  if (global.has(named.kind)) return [exactKey(named, named.name)];
  return meaningsOf(memory, named.name).map((meaning) => exactKey(named, meaning));
}

/** Kinds whose names no search_path changes. */
const global = new Set([
  "OBJECT_SCHEMA",
  "OBJECT_EXTENSION",
  "OBJECT_PUBLICATION",
  "OBJECT_EVENT_TRIGGER",
  "OBJECT_ROLE",
  "OBJECT_FOREIGN_SERVER",
]);

/** Notes an object that was made; its definition is what it was made by last. */
export function noteMade(memory: Memory, made: Made, standing: Standing): void {
  const { name, table, node, columns, part } = made;
  const key = exactKey(made, placeOf(memory, made));
  if (standing !== "certain") return void memory.definitions.delete(key);
  if (made.isNew) memory.made.add(key);
  const on = table === null ? "" : tableKey(resolved(memory, table));
  const definition = { node, table: on, columns, shown: part === "" ? name.name : part };
  if (made.isNew || node["replace"] === true) memory.definitions.set(key, definition);
  else memory.definitions.delete(key);
  if (table !== null) attach(memory, on, key);
  if (made.kind === "OBJECT_SCHEMA") memory.schemas.add(name.name);
}

function placeOf(memory: Memory, { kind, name, isTemporary }: Made): QualifiedName {
  if (isTemporary) return inTemporary(name);
  return global.has(kind) ? name : resolved(memory, name);
}

function attach(memory: Memory, table: string, key: string): void {
  const keys = memory.attached.get(table);
  if (keys === undefined) memory.attached.set(table, new Set([key]));
  else keys.add(key);
}

/** Dropped, renamed or changed: what the name means now is not known. */
export function forgetObject(memory: Memory, named: Named): void {
  for (const key of objectKeys(memory, named)) {
    memory.made.delete(key);
    memory.definitions.delete(key);
    if (key.startsWith("OBJECT_FUNCTION") && named.part === "") forgetOverloads(memory, key);
  }
}

/** The name alone stands for each of its overloads. */
function forgetOverloads(memory: Memory, prefix: string): void {
  for (const keys of [memory.made, memory.definitions]) {
    for (const key of keys.keys()) if (key.startsWith(prefix)) keys.delete(key);
  }
}

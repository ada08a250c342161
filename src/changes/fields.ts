import { fields, items, textAt, valueAt as writtenAt } from "../model/fields.ts";

export { textAt };

export type Fields = Readonly<Record<string, unknown>>;

/** The value at a path, undefined if any part of it is missing; null is Kubernetes' way to write nothing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return writtenAt(value, ...path) ?? undefined;
}

/** The number at a path, null if there is none. */
export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const found = valueAt(value, ...path);
  return typeof found === "number" ? found : null;
}

/** The list at a path, empty if there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  return items(valueAt(value, ...path));
}

/** The object at a path, empty if there is none. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  return fields(valueAt(value, ...path));
}

/** The entries of a list of named things (plugins, tablespaces, …) by name. */
export function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(list.map((entry) => [textAt(entry, "name"), entry]));
}

/** JSON with sorted keys and without absent fields: two values mean the same if it is equal. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const parts = Object.entries(value)
    .filter(([, inner]) => inner !== undefined && inner !== null)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${parts.join(",")}}`;
}

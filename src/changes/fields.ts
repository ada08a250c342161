/** Reading objects whose shape nobody vouches for: what is absent or of another type reads as absent. */

export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = {};

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path, undefined if any part of it is missing; null is Kubernetes' way to write nothing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isFields(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found ?? undefined;
}

/** The string at a path, "" if there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number at a path, null if there is none. */
export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const found = valueAt(value, ...path);
  return typeof found === "number" ? found : null;
}

/** The list at a path, empty if there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The object at a path, empty if there is none. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  const found = valueAt(value, ...path);
  return isFields(found) ? found : none;
}

/** The entries of a list of named things (plugins, tablespaces, …) by name. */
export function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(list.map((entry) => [textAt(entry, "name"), entry]));
}

/** JSON with sorted keys and without absent fields: two values mean the same if it is equal. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isFields(value)) return JSON.stringify(value) ?? "null";
  const parts = Object.entries(value)
    .filter(([, inner]) => inner !== undefined && inner !== null)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${parts.join(",")}}`;
}

/** A JSON object's fields, or none if it is not an object: Kubernetes JSON is read leniently, never trusted. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** A JSON list's items, or none if it is not a list. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A JSON string, or "" for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A JSON object whose values are strings; other values are left out. */
export function stringsOf(value: unknown): Readonly<Record<string, string>> {
  const pairs = Object.entries(fields(value));
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

/** What stands at a path of nested fields, undefined if any of them is missing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, field) => fields(found)[field], value);
}

/** The string at a path, "" if there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  return textOf(valueAt(value, ...path));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

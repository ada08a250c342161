import { isRecord } from "./parse.ts";
import { fields, items } from "./run-memory.ts";
import { nameParts } from "./tree.ts";

/** Type as the grammar names it: "varchar(20)", "int4", "numeric(10,2)", "text[]". */
export function typeText(value: unknown): string | null {
  if (!isRecord(value)) return null;
  const names = nameParts(value["names"]);
  const modifiers = items(value["typmods"]).map((modifier) => {
    const number = fields(fields(modifier, "A_Const"), "ival");
    return number === null ? "?" : String(number["ival"] ?? 0);
  });
  const name = names[0] === "pg_catalog" ? names.slice(1).join(".") : names.join(".");
  const brackets = "[]".repeat(items(value["arrayBounds"]).length);
  return `${name}${modifiers.length > 0 ? `(${modifiers.join(",")})` : ""}${brackets}`;
}

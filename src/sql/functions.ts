import { isRecord } from "./parse.ts";
import { nameParts, option } from "./tree.ts";

/** What a DO or CREATE FUNCTION/PROCEDURE statement says about its body. */
export interface Body {
  /** name of the function, "" for DO */
  readonly name: string;
  readonly language: string;
  /** source text as the server will see it, null for BEGIN ATOMIC and for bodies in a library */
  readonly source: string | null;
  /** statements of BEGIN ATOMIC or RETURN */
  readonly atomic: unknown;
}

function textOf(value: unknown): string | null {
  if (!isRecord(value) || !isRecord(value["String"])) return null;
  const text = value["String"]["sval"];
  return typeof text === "string" ? text : "";
}

function sourceOf(value: unknown): string | null {
  if (isRecord(value) && isRecord(value["List"])) {
    const items: unknown = value["List"]["items"];
    return Array.isArray(items) && items.length === 1 ? textOf(items[0]) : null;
  }
  return textOf(value);
}

/** The body of a DoStmt or CreateFunctionStmt; null for any other statement. */
export function bodyOf(tag: string, node: unknown): Body | null {
  if (!isRecord(node)) return null;
  const isDo = tag === "DoStmt";
  if (!isDo && tag !== "CreateFunctionStmt") return null;
  const options = node[isDo ? "args" : "options"];
  return {
    name: isDo ? "" : (nameParts(node["funcname"]).at(-1) ?? ""),
    language: (textOf(option(options, "language")) ?? (isDo ? "plpgsql" : "sql")).toLowerCase(),
    source: sourceOf(option(options, "as")),
    atomic: node["sql_body"],
  };
}

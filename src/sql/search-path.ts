import { isRecord } from "./parse.ts";
import { constantText } from "./refusals.ts";
import { type Fields, forgetNamesIn, items, type Memory, type Standing } from "./run-memory.ts";

/** The schemas of a SET search_path, null where they are not all known or depend on the role. */
function schemasOf(node: Fields): readonly string[] | null {
  if (node["kind"] !== "VAR_SET_VALUE") return null;
  const names = items(node["args"]).map((value) => constantText(value));
  // set_config() takes them all in one text
  const list = node["isText"] === true ? (names[0]?.split(",").map((name) => name.trim()) ?? [null]) : names;
  const known = list.filter((name) => name !== null).map(unquoted);
  const isKnown = known.length === list.length && !known.includes("$user") && !known.includes("pg_temp");
  return isKnown ? known.filter((name) => name !== "" && name !== "pg_catalog") : null;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Unqualified names mean something else from now on, the temporary ones too if their schema may come last. */
function forgetUnqualified(memory: Memory, withTemporary: boolean): void {
  forgetNamesIn(memory, (schema) => schema === "" || (withTemporary && schema === "pg_temp"));
}

/** A changed search_path, or role where the path names it, makes an unqualified name mean another table. */
export function changeSearchPath(memory: Memory, node: Fields, standing: Standing): void {
  const name = node["name"] === undefined ? undefined : String(node["name"]).toLowerCase();
  if (name === "role" || name === "session_authorization") {
    if (memory.path === null) forgetUnqualified(memory, false);
    return;
  }
  if (name !== undefined && name !== "search_path") return;
  const isLocal = node["is_local"] === true;
  const path = schemasOf(node);
  forgetUnqualified(memory, path === null);
  memory.path = standing === "certain" && (memory.open || !isLocal) ? path : null;
  memory.isPathLocal = isLocal;
}

/** SET LOCAL ends with its transaction. */
export function endLocalPath(memory: Memory): void {
  if (!memory.isPathLocal) return;
  memory.path = null;
  memory.isPathLocal = false;
  forgetUnqualified(memory, false);
}

/** set_config() as the SET it stands for; a setting or value that is not known may be any. */
export function settingNode(name: string | null, value: unknown, isLocal: boolean): Fields {
  const isKnown = isRecord(value) && constantText(value) !== null;
  return {
    ...{ kind: isKnown ? "VAR_SET_VALUE" : "VAR_SET_DEFAULT", args: [value], isText: true, is_local: isLocal },
    ...(name === null ? {} : { name }),
  };
}

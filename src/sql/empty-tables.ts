import type { QualifiedName } from "../model/rule.ts";
import { isRecord, parseSql } from "./parse.ts";
import { type Fields, fields, inTemporary, items, type Memory, rangeName, resolved, tableKey } from "./run-memory.ts";

/** Modes of LOCK TABLE, as PostgreSQL numbers them, in which nobody else writes: SHARE and above. */
const share = 5;

/** LOCK TABLE in an open transaction. Its children may be written to where it says ONLY. */
export function noteLock(memory: Memory, node: Fields): void {
  if (!memory.open || Number(node["mode"] ?? 0) < share) return;
  for (const item of items(node["relations"])) {
    const [name, range] = [rangeName(item), fields(item, "RangeVar")];
    if (name !== null && range?.["inh"] === true) memory.locked.set(tableKey(resolved(memory, name)), false);
  }
}

/** A check that ends the run unless it finds no row: EXISTS (SELECT … FROM t), and nothing that leaves rows out. */
export function noteEmptyCheck(memory: Memory, condition: string): void {
  const parsed = parseSql(condition);
  const select = parsed.kind === "parsed" ? parsed.statements[0]?.node : null;
  const targets = isRecord(select) ? items(select["targetList"]) : [];
  const link = targets.length === 1 ? fields(fields(targets[0], "ResTarget")?.["val"], "SubLink") : null;
  const name = link?.["subLinkType"] === "EXISTS_SUBLINK" ? tableOf(fields(link["subselect"], "SelectStmt")) : null;
  if (name === null || memory.shadowed.has(tableKey(inTemporary(name)))) return;
  const key = tableKey(resolved(memory, name));
  if (memory.locked.has(key) && !memory.secured.has(key)) memory.locked.set(key, true);
}

/** The one table that a query reads, all of it. */
function tableOf(select: Fields | null): QualifiedName | null {
  if (select === null) return null;
  const { targetList, fromClause, limitOption, op, ...rest } = select;
  const [from, ...others] = items(fromClause);
  const range = fields(from, "RangeVar");
  const isWhole = others.length === 0 && Object.keys(rest).length === 0 && range?.["inh"] === true;
  return isWhole ? rangeName(range) : null;
}

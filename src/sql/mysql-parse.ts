import mariadb from "node-sql-parser/build/mariadb.js";
import mysql from "node-sql-parser/build/mysql.js";
import type { Dialect } from "../model/sql.ts";
import { isRecord } from "./parse.ts";

const parsers = { mysql: new mysql.Parser(), mariadb: new mariadb.Parser() };

/** Trees of one statement, or null where the parser does not take it. It runs in plain JavaScript: its errors spoil nothing. */
export function parseMysql(statement: string, dialect: Dialect): readonly Readonly<Record<string, unknown>>[] | null {
  const parser = dialect === "mariadb" ? parsers.mariadb : parsers.mysql;
  try {
    const result: unknown = parser.astify(statement);
    const trees: readonly unknown[] = Array.isArray(result) ? result : [result];
    const records = trees.filter(isRecord);
    return records.length === trees.length && records.length > 0 ? records : null;
  } catch {
    return null;
  }
}

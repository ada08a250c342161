import { scan, type Token } from "./scanner.ts";

function isWord(sql: string, token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && sql.slice(token.start, token.end).toLowerCase() === word;
}

/** `\copy …` as the COPY that psql sends for it: the client's file becomes STDIN or STDOUT. Null: it runs a program. */
export function copyStatement(written: string): { readonly sql: string; readonly readsScript: boolean } | null {
  const sql = `COPY ${written}`;
  const { tokens } = scan(sql);
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const text = sql.slice(token.start, token.end);
    if (text === "(") depth++;
    else if (text === ")") depth--;
    const isFrom = isWord(sql, token, "from");
    if (depth > 0 || !(isFrom || isWord(sql, token, "to"))) continue;
    const target = tokens[index + 1];
    if (isWord(sql, target, "program")) return null;
    const end = target?.kind === "string" ? target.end : nextSpace(sql, target?.start ?? token.end);
    const replaced = `${sql.slice(0, token.end)} ${isFrom ? "STDIN" : "STDOUT"}${sql.slice(end)}`;
    return { sql: replaced, readsScript: isFrom && isWord(sql, target, "stdin") };
  }
  return { sql, readsScript: false };
}

function nextSpace(text: string, at: number): number {
  const space = text.slice(at).search(/\s/);
  return space < 0 ? text.length : at + space;
}

/** Whether a stretch of SQL makes the server ask for data: COPY … FROM STDIN outside parentheses. */
export function readsData(sql: string): boolean {
  if (!/copy/i.test(sql) || !/stdin/i.test(sql)) return false;
  const { tokens } = scan(sql);
  let isCopy = false;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const text = sql.slice(token.start, token.end);
    if (index === 0 || sql.slice(tokens[index - 1]?.start, tokens[index - 1]?.end) === ";") isCopy = isWord(sql, token, "copy");
    if (text === "(") depth++;
    else if (text === ")") depth--;
    if (isCopy && depth === 0 && isWord(sql, token, "from") && isWord(sql, tokens[index + 1], "stdin")) return true;
  }
  return false;
}

/** Lines of data after COPY, from the line after `at` to `\.`. */
export interface CopyData {
  readonly data: string;
  readonly end: number;
  /** SQL on the line of the COPY itself: psql would run it after the data */
  readonly hasMore: boolean;
}

/** Where the data stands in the script. */
export function readCopyData(text: string, at: number): CopyData {
  const newline = text.indexOf("\n", at);
  if (newline < 0) return { data: "", end: text.length, hasMore: text.slice(at).trim() !== "" };
  const hasMore = !/^\s*(?:--.*)?$/.test(text.slice(at, newline));
  const terminator = /^\\\.\r?$/gm;
  terminator.lastIndex = newline + 1;
  const found = terminator.exec(text);
  const end = found === null ? text.length : terminator.lastIndex;
  return { data: text.slice(newline + 1, found?.index ?? text.length), end, hasMore };
}

/** Data that would do harm as SQL or as commands, should the COPY fail and psql go on (then it reads the data as a script). */
export function isDangerousData(data: string): boolean {
  if (/\\[!gicowes]/.test(data)) return true;
  if (!data.includes(";")) return false;
  return /\b(?:drop|truncate|delete|update|alter|merge|do|call|execute|copy|grant|revoke|select|with)\b/i.test(data);
}

import { scan, type Token } from "./scanner.ts";

interface Word {
  readonly text: string;
  readonly token: Token;
}

/** Tokens outside parentheses, folded. */
function outerTokens(sql: string): readonly Word[] {
  let depth = 0;
  return scan(sql).tokens.flatMap((token) => {
    const text = sql.slice(token.start, token.end).toLowerCase();
    if (text === ")") depth--;
    const isOuter = depth <= 0;
    if (text === "(") depth++;
    return isOuter ? [{ text, token }] : [];
  });
}

/** `\copy …` as the COPY that psql sends for it: the client's file becomes STDIN or STDOUT. Null: it runs a program. */
export function copyStatement(written: string): { readonly sql: string; readonly readsScript: boolean } | null {
  const sql = `COPY ${written}`;
  const words = outerTokens(sql);
  const index = words.findIndex(({ text }) => text === "from" || text === "to");
  const direction = words[index];
  const target = words[index + 1];
  if (direction === undefined || target === undefined) return { sql, readsScript: false };
  if (target.text === "program") return null;
  const end = target.token.kind === "string" ? target.token.end : nextSpace(sql, target.token.start);
  const stream = direction.text === "from" ? "STDIN" : "STDOUT";
  const readsScript = stream === "STDIN" && target.text === "stdin";
  return { sql: `${sql.slice(0, direction.token.end)} ${stream}${sql.slice(end)}`, readsScript };
}

function nextSpace(text: string, at: number): number {
  const space = text.slice(at).search(/\s/);
  return space < 0 ? text.length : at + space;
}

/** Whether a stretch of SQL makes the server ask for data: COPY … FROM STDIN outside parentheses. */
export function readsData(sql: string): boolean {
  if (!/copy/i.test(sql) || !/stdin/i.test(sql)) return false;
  const words = outerTokens(sql).map(({ text }) => text);
  return words.some((word, index) => {
    if (word !== "from" || words[index + 1] !== "stdin") return false;
    return words[words.lastIndexOf(";", index) + 1] === "copy";
  });
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

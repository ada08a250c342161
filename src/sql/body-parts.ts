import type { Body } from "./functions.ts";
import { type BodyPart, type PlpgsqlBody, readPlpgsql } from "./plpgsql.ts";
import { scan, type Token } from "./scanner.ts";

/** A body as pieces of SQL with their lines after the one where it opens, or why it cannot be read. */
export type BodyReading =
  | (PlpgsqlBody & { readonly kind: "parts"; readonly tokens: readonly Token[] })
  | { readonly kind: "unread"; readonly reason: string };

const plain = { kind: "parts", migration: null, discards: false } as const;

function inSql(sql: string): readonly BodyPart[] {
  return [{ kind: "statement", sql, line: 0, isSure: false, isCheck: false }];
}

function named(body: Body): string {
  return body.name === "" ? "DO block" : `function ${body.name}`;
}

/** `statement` is the whole text of the DO or CREATE FUNCTION/PROCEDURE statement. */
export function readBody(body: Body, statement: string): BodyReading {
  if (body.language !== "plpgsql" && body.language !== "sql") {
    return { kind: "unread", reason: `${named(body)} is written in ${body.language}, which is not read` };
  }
  if (body.source === null) return { ...plain, parts: [], tokens: [] };
  const { tokens, broken } = scan(body.source);
  if (broken !== null) return { kind: "unread", reason: `body of ${named(body)} cannot be read: ${broken.message}` };
  if (body.language === "sql") return { ...plain, parts: inSql(body.source), tokens };
  const read = readPlpgsql(statement);
  if ("message" in read) return { kind: "unread", reason: `body of ${named(body)} cannot be read: ${read.message}` };
  return { kind: "parts", ...read, tokens };
}

const bodies = new Set(["dollar", "string", "escape", "unicode"]);

/** Where the body opens: the dollar quote that holds it, else the last string of the statement. */
export function bodyStart(text: string, tokens: readonly Token[], body: Body): number {
  const strings = tokens.filter((token) => bodies.has(token.kind));
  const source = body.source ?? "";
  const exact = strings.find((token) => token.kind === "dollar" && text.slice(token.start, token.end).includes(source));
  return (exact ?? strings.at(-1))?.start ?? tokens[0]?.start ?? 0;
}

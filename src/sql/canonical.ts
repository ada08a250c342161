import { createHash } from "node:crypto";
import { scan, type Token } from "./scanner.ts";

/**
 * Canonical form v1 of a text (design section 6): the tokens of our own scanner, each as kind and text with a NUL after it,
 * hashed with sha256. It must never change, or every approval is void: a new form is v2 beside it.
 *
 * - Comments and white space are out; so is the way a psql script writes variables (they are put in before).
 * - Words are folded as PostgreSQL folds identifiers (ASCII letters only); quoted identifiers, literals, numbers and
 *   operators stand as written, the letter of a literal's prefix folded.
 * - A dollar-quoted body of DO, or of CREATE FUNCTION/PROCEDURE in SQL or PL/pgSQL, is tokens in brackets of its own; any
 *   other dollar-quoted text stands as written, without its tag.
 * - psql markup that changes execution stands between the statements, as kind `m`.
 * - A text that cannot be scanned stands as it is, as kind `raw`.
 */
export interface CanonicalHash {
  /** statements of one stretch of SQL, with their tokens as `scan` yields them */
  sql(text: string, tokens: readonly Token[]): void;
  /** psql markup and its arguments, or data after COPY */
  markup(text: string): void;
  /** a stretch that cannot be scanned */
  raw(text: string): void;
  digest(): string;
}

const kinds = {
  word: "w",
  quoted: "q",
  string: "s",
  escape: "s",
  unicode: "s",
  dollar: "d",
  bits: "s",
  number: "n",
  parameter: "p",
  operator: "o",
  punctuation: "o",
  backslash: "o",
} as const;

/** ASCII letters only, as PostgreSQL folds in a multi-byte encoding. */
function foldWord(word: string): string {
  return word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Literals start with their prefix, which is no part of the value. */
function foldPrefix(text: string): string {
  return text.replace(/^(?:[A-Za-z]&?)(?=['"])/, (prefix) => prefix.toUpperCase());
}

/** Contents of $tag$…$tag$. */
function withoutTag(text: string): string {
  const tag = text.indexOf("$", 1) + 1;
  return text.slice(tag, -tag);
}

/** Languages whose bodies are SQL's own tokens: white space means nothing in them. */
const tokenised = new Set(["sql", "plpgsql"]);

/** Whether the dollar-quoted texts of a statement (its first and following words folded) are code in SQL or PL/pgSQL. */
function holdsCode(words: readonly string[]): boolean {
  const isDo = words[0] === "do";
  const object = words[1] === "or" ? words[3] : words[1];
  if (!isDo && !(words[0] === "create" && (object === "function" || object === "procedure"))) return false;
  const language = words[words.lastIndexOf("language") + 1] ?? "";
  return words.includes("language") ? tokenised.has(language) : isDo;
}

/** Index after the last token of the statement that starts at `first`. */
function statementEnd(text: string, tokens: readonly Token[], first: number): number {
  let index = first;
  while (index < tokens.length) {
    const token = tokens[index++];
    if (token?.kind === "punctuation" && text[token.start] === ";") break;
  }
  return index;
}

/** A hash of the canonical form of one text in this dialect, fed in the order of the text. */
export function createCanonicalHash(dialect: string): CanonicalHash {
  const hash = createHash("sha256").update(`canonical v1 ${dialect}\0`);
  // MySQL's table names tell large letters from small ones on most servers
  const folds = dialect === "postgresql";
  let buffer = "";
  function add(kind: string, text: string): void {
    buffer += `${kind}${text}\0`;
    if (buffer.length < 65_536) return;
    hash.update(buffer);
    buffer = "";
  }
  function addToken(text: string, token: Token, isCode: boolean): void {
    const written = text.slice(token.start, token.end);
    if (token.kind === "word") add("w", folds ? foldWord(written) : written);
    else if (token.kind === "dollar") addDollar(withoutTag(written), isCode);
    else add(kinds[token.kind], foldPrefix(written));
  }
  function addDollar(body: string, isCode: boolean): void {
    const inner = isCode ? scan(body) : null;
    if (inner === null || inner.broken !== null) add("d", body);
    else {
      add("b", "(");
      for (const token of inner.tokens) addToken(body, token, false);
      add("b", ")");
    }
  }
  function sql(text: string, tokens: readonly Token[]): void {
    for (let first = 0; first < tokens.length; ) {
      const end = statementEnd(text, tokens, first);
      const statement = tokens.slice(first, end);
      const hasDollar = statement.some((token) => token.kind === "dollar");
      const words = hasDollar ? statement.filter((token) => token.kind === "word") : [];
      const isCode = holdsCode(words.map((token) => foldWord(text.slice(token.start, token.end))));
      for (const token of statement) addToken(text, token, isCode);
      first = end;
    }
  }
  return {
    sql,
    markup: (text) => add("m", text),
    raw: (text) => add("raw", text),
    digest: () => hash.update(buffer).digest("hex"),
  };
}
